import type { Correlation } from '@crmbet/telemetry';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { correlate } from '../../api/client.ts';
import { useResource } from '../../api/use-resource.ts';
import { ErrorNotice, Loading, Notice } from '../../components/notice.tsx';
import { place } from '../../router/location.ts';
import { CorrelateHead } from './correlate-head.tsx';
import { shownKinds, timelineOf } from './timeline.ts';
import { TimelineRows } from './timeline-rows.tsx';

function NothingFound({ id, onRetry }: { id: string; onRetry: () => void }): JSX.Element {
  return (
    <Notice title={`Nothing found for ${id}`} wholePage>
      <p>
        No span, log line or metric carries this ID. Telemetry arrives a few seconds after it happened, so it may still
        be on its way; or it is older than what is kept.
      </p>
      <p class="actions">
        <button type="button" class="button" onClick={onRetry}>
          Look again
        </button>
        <a class="button quiet" href="/traces">
          Search the traces
        </a>
      </p>
    </Notice>
  );
}

/** Everything about one trace or correlation ID in the order in which it happened. */
export function CorrelatePage({ id }: { id: string }): JSX.Element {
  const { data, error, loading, reload } = useResource(`correlate ${id}`, (signal) => correlate(id, signal));
  if (error !== undefined && error.code !== 'NOT_FOUND' && data === undefined)
    return <ErrorNotice error={error} onRetry={reload} />;
  if (data === undefined && loading) return <Loading what={`all that carries ${id}`} />;
  if (data === undefined || data.idType === 'none') return <NothingFound id={id} onRetry={reload} />;
  return <CorrelateView correlation={data} onRefresh={reload} />;
}

function CorrelateView({ correlation, onRefresh }: { correlation: Correlation; onRefresh: () => void }): JSX.Element {
  const timeline = useMemo(() => timelineOf(correlation), [correlation]);
  const show = place.value.params.get('show');
  const shown = useMemo(() => shownKinds(new URLSearchParams(show === null ? '' : { show })), [show]);
  const rows = useMemo(() => timeline.rows.filter((row) => shown.has(row.entry.kind)), [timeline, shown]);
  return (
    <div class="page correlate-page">
      <CorrelateHead correlation={correlation} timeline={timeline} shown={shown} onRefresh={onRefresh} />
      {rows.length === 0 ? (
        <p class="panel-note">Nothing of the chosen kinds.</p>
      ) : (
        <TimelineRows rows={rows} durationMs={timeline.durationMs} />
      )}
    </div>
  );
}
