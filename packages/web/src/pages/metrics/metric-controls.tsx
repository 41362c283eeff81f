import type { MetricDescriptor } from '@crmbet/telemetry';
import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { SelectFilter } from '../../components/filters.tsx';
import { PairFilter } from '../../components/pair-filter.tsx';
import { RangeFilter } from '../../components/range-filter.tsx';
import { place, setParams } from '../../router/location.ts';
import {
  defaultRange,
  everySeries,
  groupingOf,
  labelsOf,
  modeOf,
  modesOf,
  oneLine,
  toggledLabel,
  type Mode,
} from './metric-query.ts';

const modeKey = (mode: Mode): string => `${mode.aggregation} ${mode.quantile ?? ''}`;

function ModeSelect({ metric }: { metric: MetricDescriptor }): JSX.Element {
  const id = useId();
  const current = modeOf(place.value.params, metric);
  const modes = modesOf(metric);
  const all = modes.some((mode) => modeKey(mode) === modeKey(current)) ? modes : [current, ...modes];
  const choose = (key: string): void => {
    const mode = all.find((one) => modeKey(one) === key);
    setParams({ aggregation: mode?.aggregation, quantile: mode?.quantile?.toString() });
  };
  return (
    <div class="field">
      <label for={id}>Show</label>
      <select id={id} value={modeKey(current)} onChange={(event) => choose(event.currentTarget.value)}>
        {all.map((mode) => (
          <option key={modeKey(mode)} value={modeKey(mode)}>
            {mode.label}
          </option>
        ))}
      </select>
    </div>
  );
}

function Grouping({ metric }: { metric: MetricDescriptor }): JSX.Element {
  const grouping = groupingOf(place.value.params, metric);
  const labels = labelsOf(grouping);
  const choice = (value: string, text: string, pressed: boolean): JSX.Element => (
    <button key={text} type="button" class="chip" aria-pressed={pressed} onClick={() => setParams({ groupBy: value })}>
      {text}
    </button>
  );
  const groupable = [...metric.labels, ...(metric.services.length > 1 ? ['service'] : [])];
  return (
    <fieldset class="field grouping">
      <legend>Lines</legend>
      <div class="chips">
        {choice(everySeries, 'Every series', grouping === everySeries)}
        {choice(oneLine, 'One line', grouping === oneLine)}
        {groupable.map((label) => choice(toggledLabel(grouping, label), `by ${label}`, labels.includes(label)))}
      </div>
    </fieldset>
  );
}

/** How a metric is drawn: aggregation, time, labels, and which lines. */
export function MetricControls({ metric }: { metric: MetricDescriptor }): JSX.Element {
  return (
    <form class="metric-controls" aria-label="Chart" onSubmit={(event) => event.preventDefault()}>
      <ModeSelect metric={metric} />
      <RangeFilter fallback={defaultRange} />
      {metric.services.length > 1 && (
        <SelectFilter
          label="Service"
          name="service"
          options={[['', 'All services'], ...metric.services.map((name) => [name, name] as const)]}
        />
      )}
      <PairFilter label="Labels" name="label" placeholder={`${metric.labels[0] ?? 'label'}=value`} />
      <Grouping metric={metric} />
    </form>
  );
}
