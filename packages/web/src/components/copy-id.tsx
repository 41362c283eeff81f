import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Icon } from './icons.tsx';

const doneMs = 1500;

/** An ID in full, with a button that copies it. */
export function CopyId({ id, href, what }: { id: string; href?: string; what: string }): JSX.Element {
  const [done, setDone] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(id);
    } catch {
      // No permission or no secure origin: the ID stays selectable on the page.
      return;
    }
    setDone(true);
    setTimeout(() => setDone(false), doneMs);
  };
  return (
    <span class="copy-id">
      {href === undefined ? <code>{id}</code> : <a href={href}>{<code>{id}</code>}</a>}
      <button
        type="button"
        class="icon-button small"
        aria-label={`Copy the ${what}`}
        title={`Copy the ${what}`}
        onClick={() => void copy()}
      >
        <Icon name={done ? 'check' : 'copy'} />
      </button>
      <span class="visually-hidden" role="status">
        {done ? 'Copied' : ''}
      </span>
    </span>
  );
}
