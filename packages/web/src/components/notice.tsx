import type { ComponentChildren, JSX } from 'preact';
import type { ApiError } from '../api/errors.ts';

interface NoticeProps {
  title: string;
  /** `error` is read out at once by screen readers. */
  tone?: 'plain' | 'error';
  /** True when it is the whole page, and so its first heading. */
  wholePage?: boolean;
  children?: ComponentChildren;
}

/** The middle of an empty page: what is the case, and what to do. */
export function Notice({ title, tone = 'plain', wholePage = false, children }: NoticeProps): JSX.Element {
  return (
    <section class={`notice notice-${tone}`} role={tone === 'error' ? 'alert' : 'status'}>
      {wholePage ? <h1>{title}</h1> : <h2>{title}</h2>}
      {children}
    </section>
  );
}

/** An error of the API as a sentence, with a way to try again. */
export function ErrorNotice({ error, onRetry }: { error: ApiError; onRetry: () => void }): JSX.Element {
  const title = error.code === 'INVALID_QUERY' ? 'This search cannot be answered' : 'No answer';
  return (
    <Notice title={title} tone="error">
      <p>{error.message}</p>
      <p>
        <button type="button" class="button" onClick={onRetry}>
          Try again
        </button>
      </p>
    </Notice>
  );
}

/** A command to type in a terminal. */
export function Command({ text }: { text: string }): JSX.Element {
  return <code class="command">{text}</code>;
}

/** What to do when the store holds nothing yet. */
export function NothingYet({ what }: { what: string }): JSX.Element {
  return (
    <Notice title={`No ${what} yet`}>
      <p>Start an application with its telemetry on; what it does appears here.</p>
      <p>
        <Command text="crmbet-otel run -- node app.js" />
      </p>
    </Notice>
  );
}

/** While the first answer is under way. */
export function Loading({ what }: { what: string }): JSX.Element {
  return (
    <p class="loading" role="status">
      Loading {what} …
    </p>
  );
}
