import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { toApiError } from '../api/errors.ts';
import { hrefOfId } from '../api/lookup.ts';
import { navigate } from '../router/location.ts';
import { Icon } from './icons.tsx';

/** The box that takes a trace, span or correlation ID, or a `traceparent`, and goes to its page. */
export function IdBox(): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const asked = useRef<AbortController>(null);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);

  const find = async (): Promise<void> => {
    asked.current?.abort();
    const controller = new AbortController();
    asked.current = controller;
    setProblem('');
    setBusy(true);
    try {
      const href = await hrefOfId(input.current?.value ?? '', controller.signal);
      if (controller.signal.aborted) return;
      if (href === undefined) setProblem('Type a trace, span or correlation ID.');
      else {
        navigate(href);
        if (input.current !== null) input.current.value = '';
        input.current?.blur();
      }
    } catch (thrown) {
      if (!controller.signal.aborted) setProblem(toApiError(thrown).message);
    } finally {
      if (asked.current === controller) setBusy(false);
    }
  };

  return (
    <form
      class="id-box"
      role="search"
      aria-busy={busy}
      onSubmit={(event) => {
        event.preventDefault();
        void find();
      }}
    >
      <Icon name="search" />
      <input
        id="id-box"
        ref={input}
        type="text"
        name="id"
        placeholder="Trace, span or correlation ID"
        aria-label="Find by trace, span or correlation ID"
        aria-describedby="id-box-problem"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        onInput={() => setProblem('')}
      />
      <kbd aria-hidden="true">/</kbd>
      <p id="id-box-problem" class="id-box-problem" role="alert" hidden={problem === ''}>
        {problem}
      </p>
    </form>
  );
}
