import type { Span, Trace } from '@crmbet/telemetry';
import type { JSX } from 'preact';
import { CopyId } from '../../components/copy-id.tsx';
import { Icon } from '../../components/icons.tsx';
import { ServiceTag } from '../../components/service-tag.tsx';
import { formatDuration } from '../../format/duration.ts';
import { counted } from '../../format/number.ts';
import { dateTime, nanosToMs } from '../../format/time.ts';
import { correlateHref } from '../../router/routes.ts';

interface TraceHeadProps {
  trace: Trace;
  root: Span | undefined;
  onRefresh: () => void;
}

/** What the trace is: its name, when, how long, how much, which services, and the IDs that tie it to all else. */
export function TraceHead({ trace, root, onRefresh }: TraceHeadProps): JSX.Element {
  const errors = trace.spans.filter((span) => span.status === 'error').length;
  const correlationIds = [...new Set(trace.spans.map((span) => span.correlationId).filter((id) => id !== ''))];
  return (
    <header class="trace-head">
      <div class="trace-title">
        <h1>
          {root !== undefined && <ServiceTag name={root.serviceName} />}{' '}
          <span class="root-name">{root?.name ?? 'Trace'}</span>
        </h1>
        <p class="facts">
          <strong>{formatDuration(trace.durationMs)}</strong>
          <span>{counted(trace.spans.length, 'span')}</span>
          {errors > 0 && (
            <span class="error-mark">
              <Icon name="error" /> {counted(errors, 'error')}
            </span>
          )}
          <time dateTime={new Date(nanosToMs(trace.startTimeUnixNano)).toISOString()}>
            {dateTime(nanosToMs(trace.startTimeUnixNano))}
          </time>
        </p>
        <button type="button" class="button quiet" onClick={onRefresh}>
          <Icon name="refresh" /> Refresh
        </button>
      </div>
      <div class="trace-ids">
        <span class="id-line">
          <span class="id-name">Trace</span> <CopyId id={trace.traceId} what="trace ID" />
        </span>
        {correlationIds.slice(0, 2).map((id) => (
          <span key={id} class="id-line">
            <span class="id-name">Correlation</span> <CopyId id={id} href={correlateHref(id)} what="correlation ID" />
          </span>
        ))}
        {correlationIds.length > 2 && <span>and {counted(correlationIds.length - 2, 'more correlation ID')}</span>}
        <span class="legend">
          {trace.services.map((name) => (
            <ServiceTag key={name} name={name} />
          ))}
        </span>
      </div>
    </header>
  );
}
