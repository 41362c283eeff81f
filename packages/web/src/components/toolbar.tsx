import type { ComponentChildren, JSX } from 'preact';
import { place, setParams } from '../router/location.ts';
import { Icon } from './icons.tsx';

/** Milliseconds between refreshes of a list that is followed live. */
export const liveMs = 2000;

export function isLive(): boolean {
  return place.value.params.get('live') === '1';
}

interface ToolbarProps {
  /** How much was found, read out when it changes. */
  summary: string;
  loading: boolean;
  onRefresh: () => void;
  children?: ComponentChildren;
}

/** The line above a list: what was found, refresh, and following it live. */
export function Toolbar({ summary, loading, onRefresh, children }: ToolbarProps): JSX.Element {
  const live = isLive();
  return (
    <div class="toolbar">
      <p class="summary" role="status">
        {summary}
      </p>
      {children}
      <button type="button" class="button quiet" onClick={onRefresh} data-busy={loading && !live ? 'true' : undefined}>
        <Icon name="refresh" /> Refresh
      </button>
      <button
        type="button"
        class="button quiet live"
        aria-pressed={live}
        onClick={() => setParams({ live: live ? undefined : '1' }, { replace: true })}
      >
        <span class="live-dot" aria-hidden="true" /> Live
      </button>
    </div>
  );
}
