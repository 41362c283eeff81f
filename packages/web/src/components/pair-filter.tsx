import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import { parsePair } from '../format/value.ts';
import { place, setParams } from '../router/location.ts';
import { Icon } from './icons.tsx';

interface PairFilterProps {
  label: string;
  /** The URL parameter, repeated for each `key=value`. */
  name: string;
  placeholder: string;
}

/** Any number of `key=value` filters: each is a tag that can be taken away, and a field adds one more. */
export function PairFilter({ label, name, placeholder }: PairFilterProps): JSX.Element {
  const id = useId();
  const [wrong, setWrong] = useState(false);
  const values = place.value.params.getAll(name);

  const add = (input: HTMLInputElement): void => {
    const pair = parsePair(input.value);
    setWrong(pair === undefined && input.value.trim() !== '');
    if (pair === undefined) return;
    input.value = '';
    setParams({ [name]: [...values, `${pair[0]}=${pair[1]}`] });
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {values.length > 0 && (
        <ul class="tags">
          {values.map((value) => (
            <li key={value}>
              <code title={value}>{value}</code>
              <button
                type="button"
                aria-label={`Remove ${value}`}
                onClick={() => setParams({ [name]: values.filter((one) => one !== value) })}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <input
        id={id}
        type="text"
        class="mono"
        placeholder={placeholder}
        aria-invalid={wrong}
        aria-describedby={wrong ? `${id}-hint` : undefined}
        autocomplete="off"
        spellcheck={false}
        onChange={(event) => add(event.currentTarget)}
      />
      {wrong && (
        <p id={`${id}-hint`} class="hint" role="alert">
          Write it as key=value.
        </p>
      )}
    </div>
  );
}
