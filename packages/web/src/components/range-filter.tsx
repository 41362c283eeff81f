import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { fromLocalInput, toLocalInput } from '../format/time.ts';
import { place, setParams } from '../router/location.ts';
import { presets, rangeName, rangeOf } from '../state/range.ts';

/** The time range: one that ends now, all time, or fixed times. `fallback` names the range of a URL without one; empty is all time. */
export function RangeFilter({ fallback = '' }: { fallback?: string }): JSX.Element {
  const id = useId();
  const { params } = place.value;
  const name = rangeName(params, fallback);
  const fixed = name === 'custom' ? rangeOf(params, 0) : {};

  const choose = (value: string): void => {
    const cleared = { range: undefined, startMs: undefined, endMs: undefined };
    if (value === 'custom') {
      const now = Date.now();
      const { startMs = now - 3_600_000 } = rangeOf(params, now, fallback);
      setParams({ ...cleared, startMs: String(Math.round(startMs)), endMs: String(now) });
    } else setParams({ ...cleared, range: value === (fallback === '' ? 'all' : fallback) ? undefined : value });
  };
  const setTime = (bound: 'startMs' | 'endMs', value: string): void => {
    const ms = fromLocalInput(value);
    setParams({ [bound]: ms === undefined ? undefined : String(ms) });
  };
  return (
    <div class="field">
      <label for={id}>Time</label>
      <select id={id} value={name} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="all">All time</option>
        {presets.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
        <option value="custom">From … to …</option>
      </select>
      {name === 'custom' &&
        (['startMs', 'endMs'] as const).map((bound) => (
          <input
            key={bound}
            type="datetime-local"
            step="1"
            aria-label={bound === 'startMs' ? 'From' : 'To'}
            value={fixed[bound] === undefined ? '' : toLocalInput(fixed[bound])}
            onChange={(event) => setTime(bound, event.currentTarget.value)}
          />
        ))}
    </div>
  );
}
