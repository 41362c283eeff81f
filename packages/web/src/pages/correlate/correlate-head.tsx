import type { Correlation } from '@crmbet/telemetry';
import type { JSX } from 'preact';
import { CopyId } from '../../components/copy-id.tsx';
import { Icon } from '../../components/icons.tsx';
import { ServiceTag } from '../../components/service-tag.tsx';
import { formatDuration } from '../../format/duration.ts';
import { shortId } from '../../format/id.ts';
import { counted } from '../../format/number.ts';
import { dateTime } from '../../format/time.ts';
import { setParams } from '../../router/location.ts';
import { correlateHref, pageHref, traceHref } from '../../router/routes.ts';
import { entryKinds, toggledKind, type EntryKind, type Timeline } from './timeline.ts';

const idNames: Readonly<Record<Correlation['idType'], string>> = {
  trace: 'Trace ID',
  correlation: 'Correlation ID',
  span: 'Span ID',
  none: 'ID',
};

const shownTraces = 4;

function countText(kind: EntryKind, correlation: Correlation): string {
  if (kind === 'span') return counted(correlation.spanCount, 'span');
  if (kind === 'log') return counted(correlation.logCount, 'log line');
  return counted(correlation.metricCount, 'metric');
}

function Jumps({ correlation }: { correlation: Correlation }): JSX.Element {
  const { traceIds, correlationIds, id, idType } = correlation;
  const others = correlationIds.filter((one) => one !== id);
  return (
    <>
      {traceIds.slice(0, shownTraces).map((traceId) => (
        <a key={traceId} class="jump" href={traceHref(traceId)} title={`Trace ${traceId}`}>
          <Icon name="trace" /> Trace <code>{shortId(traceId)}</code>
        </a>
      ))}
      {traceIds.length > shownTraces && (
        <span class="soft">and {counted(traceIds.length - shownTraces, 'more trace')}</span>
      )}
      {others.slice(0, 2).map((one) => (
        <a key={one} class="jump" href={correlateHref(one)}>
          Correlation <code>{shortId(one, 20)}</code>
        </a>
      ))}
      {idType === 'correlation' && (
        <a class="jump" href={pageHref('logs', { correlationId: id })}>
          <Icon name="log" /> In logs
        </a>
      )}
    </>
  );
}

interface CorrelateHeadProps {
  correlation: Correlation;
  timeline: Timeline;
  shown: ReadonlySet<EntryKind>;
  onRefresh: () => void;
}

/** What the ID is, how much carries it, when and where, and where to go from here. */
export function CorrelateHead({ correlation, timeline, shown, onRefresh }: CorrelateHeadProps): JSX.Element {
  return (
    <header class="trace-head">
      <div class="trace-title">
        <h1>
          <span class="id-name">{idNames[correlation.idType]}</span> <CopyId id={correlation.id} what="ID" />
        </h1>
        <p class="facts">
          <strong>{formatDuration(timeline.durationMs)}</strong>
          {timeline.errors > 0 && (
            <span class="error-mark">
              <Icon name="error" /> {counted(timeline.errors, 'error')}
            </span>
          )}
          <time dateTime={new Date(timeline.startMs).toISOString()}>{dateTime(timeline.startMs)}</time>
        </p>
        <button type="button" class="button quiet" onClick={onRefresh}>
          <Icon name="refresh" /> Refresh
        </button>
      </div>
      <div class="trace-ids">
        <span class="chips" role="group" aria-label="Kinds shown">
          {entryKinds.map((kind) => (
            <button
              key={kind}
              type="button"
              class="chip"
              aria-pressed={shown.has(kind)}
              onClick={() => setParams({ show: toggledKind(shown, kind) }, { replace: true })}
            >
              <Icon name={kind} /> {countText(kind, correlation)}
            </button>
          ))}
        </span>
        <Jumps correlation={correlation} />
        <span class="legend">
          {timeline.services.map((name) => (
            <ServiceTag key={name} name={name} />
          ))}
        </span>
      </div>
    </header>
  );
}
