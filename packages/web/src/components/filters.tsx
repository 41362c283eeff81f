import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { place, setParams } from '../router/location.ts';

const wide = '(min-width: 760px)';

/** The column of filters: always open beside a list, folded above it on a narrow screen. */
export function Filters({ label, children }: { label: string; children: ComponentChildren }): JSX.Element {
  const [open, setOpen] = useState(() => window.matchMedia(wide).matches);
  useEffect(() => {
    const query = window.matchMedia(wide);
    const follow = (): void => setOpen(query.matches);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, []);
  return (
    <details class="filters" data-filters="" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Filters</summary>
      <form aria-label={label} onSubmit={(event) => event.preventDefault()}>
        {children}
      </form>
    </details>
  );
}

interface TextFilterProps {
  label: string;
  /** The URL parameter that it sets. */
  name: string;
  placeholder?: string;
  mono?: boolean;
  /** Suggestions. */
  options?: readonly string[];
  /** The text for a value in the URL, and back; what `parse` does not understand is marked and not searched for. */
  show?: (value: string) => string;
  parse?: (text: string) => string | undefined;
  /** What is said when `parse` does not understand. */
  hint?: string;
}

/** A text field whose value is a URL parameter; it takes effect on Enter or when it is left. */
export function TextFilter(props: TextFilterProps): JSX.Element {
  const { label, name, show, parse, options = [] } = props;
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [wrong, setWrong] = useState(false);
  const value = place.value.params.get(name) ?? '';
  const shown = show === undefined || value === '' ? value : show(value);
  // The URL may change without this field, as by Back or a link; the field then follows.
  useEffect(() => {
    if (input.current !== null) input.current.value = shown;
    setWrong(false);
  }, [shown]);

  const apply = (text: string): void => {
    const parsed = text === '' || parse === undefined ? text : parse(text);
    setWrong(parsed === undefined);
    if (parsed !== undefined) setParams({ [name]: parsed });
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        ref={input}
        type="text"
        class={props.mono === true ? 'mono' : undefined}
        placeholder={props.placeholder}
        list={options.length > 0 ? `${id}-options` : undefined}
        aria-invalid={wrong}
        aria-describedby={wrong ? `${id}-hint` : undefined}
        autocomplete="off"
        spellcheck={false}
        onChange={(event) => apply(event.currentTarget.value.trim())}
      />
      {options.length > 0 && (
        <datalist id={`${id}-options`}>
          {options.map((option) => (
            <option key={option} value={option} />
          ))}
        </datalist>
      )}
      {wrong && (
        <p id={`${id}-hint`} class="hint" role="alert">
          {props.hint}
        </p>
      )}
    </div>
  );
}

interface SelectFilterProps {
  label: string;
  name: string;
  /** Values and their labels; the empty value is the default and leaves the URL. */
  options: readonly (readonly [value: string, label: string])[];
  /** Other parameters that the choice takes away. */
  clears?: readonly string[];
}

/** A choice whose value is a URL parameter. */
export function SelectFilter({ label, name, options, clears = [] }: SelectFilterProps): JSX.Element {
  const id = useId();
  const value = place.value.params.get(name) ?? '';
  // A value that is not among the choices (yet) is shown rather than lost.
  const all = options.some((option) => option[0] === value) ? options : [...options, [value, value] as const];
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value}
        onChange={(event) =>
          setParams({
            ...Object.fromEntries(clears.map((other) => [other, undefined])),
            [name]: event.currentTarget.value,
          })
        }
      >
        {all.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
