import type { TraceSummary } from '@crmbet/telemetry';
import type { JSX } from 'preact';
import { useCallback } from 'preact/hooks';
import { Icon } from '../../components/icons.tsx';
import { ServiceTag } from '../../components/service-tag.tsx';
import { formatDuration } from '../../format/duration.ts';
import { shortId } from '../../format/id.ts';
import { counted, formatCount } from '../../format/number.ts';
import { dateTime, listTime, nanosToMs } from '../../format/time.ts';
import { Rows } from '../../lists/rows.tsx';
import { navigate, place, withParams } from '../../router/location.ts';
import { correlateHref, traceHref } from '../../router/routes.ts';
import type { TraceSort } from './trace-query.ts';

const shownServices = 3;

function SortHead({ sort, by, label }: { sort: TraceSort; by: TraceSort; label: string }): JSX.Element {
  const chosen = sort === by;
  return (
    <span role="columnheader" aria-sort={chosen ? 'descending' : 'none'}>
      <a class="sort" href={withParams(place.value, { sort: by === 'newest' ? undefined : by })}>
        {label}
        {chosen && <span aria-hidden="true"> ↓</span>}
      </a>
    </span>
  );
}

function Services({ trace }: { trace: TraceSummary }): JSX.Element {
  const others = trace.services.filter((name) => name !== trace.rootService);
  return (
    <span role="gridcell" class="trace-services" title={trace.services.join(', ')}>
      {others.slice(0, shownServices).map((name) => (
        <ServiceTag key={name} name={name} />
      ))}
      {others.length > shownServices && <span class="more">+{others.length - shownServices}</span>}
    </span>
  );
}

interface TraceRowProps {
  trace: TraceSummary;
  longestMs: number;
  nowMs: number;
}

function TraceRow({ trace, longestMs, nowMs }: TraceRowProps): JSX.Element {
  const startMs = nanosToMs(trace.startTimeUnixNano);
  const errors = counted(trace.errorCount, 'error');
  return (
    <>
      <span role="gridcell" class="time" title={dateTime(startMs)}>
        {listTime(startMs, nowMs)}
      </span>
      <span role="gridcell" class="trace-name">
        <ServiceTag name={trace.rootService} />
        <a href={traceHref(trace.traceId)} tabIndex={-1} title={trace.rootName}>
          {trace.rootName}
        </a>
      </span>
      <span role="gridcell" class="trace-duration">
        <span class="bar-track" aria-hidden="true">
          <span
            class="bar"
            data-error={trace.errorCount > 0}
            style={{ width: `${(100 * trace.durationMs) / longestMs}%` }}
          />
        </span>
        <span class="number">{formatDuration(trace.durationMs)}</span>
      </span>
      <span role="gridcell" class="number">
        {formatCount(trace.spanCount)}
      </span>
      <span role="gridcell" class="trace-errors" title={errors}>
        {trace.errorCount > 0 && (
          <span class="error-mark">
            <Icon name="error" label={errors} />
            <span aria-hidden="true">{trace.errorCount}</span>
          </span>
        )}
      </span>
      <Services trace={trace} />
      <span role="gridcell" class="trace-correlation">
        {trace.correlationId !== '' && (
          <a href={correlateHref(trace.correlationId)} tabIndex={-1} title={`Correlation ID ${trace.correlationId}`}>
            <code>{shortId(trace.correlationId, 13)}</code>
          </a>
        )}
      </span>
    </>
  );
}

/** The traces found, one a row. */
export function TraceRows({ traces, sort }: { traces: readonly TraceSummary[]; sort: TraceSort }): JSX.Element {
  const longestMs = Math.max(1e-9, ...traces.map((trace) => trace.durationMs));
  const nowMs = Date.now();
  const keyOf = useCallback((trace: TraceSummary) => trace.traceId, []);
  return (
    <Rows
      items={traces}
      keyOf={keyOf}
      rowHeight={34}
      headHeight={30}
      label="Traces"
      class={traces.some((trace) => trace.services.length > 1) ? 'trace-rows' : 'trace-rows one-service'}
      memory={place.value.path + place.value.params.toString()}
      primary
      head={
        <>
          <SortHead sort={sort} by="newest" label="Time" />
          <span role="columnheader">Request</span>
          <SortHead sort={sort} by="longest" label="Duration" />
          <span role="columnheader">Spans</span>
          <SortHead sort={sort} by="errors" label="Errors" />
          <span role="columnheader">Also in</span>
          <span role="columnheader">Correlation ID</span>
        </>
      }
      row={(trace) => <TraceRow trace={trace} longestMs={longestMs} nowMs={nowMs} />}
      onOpen={(trace) => navigate(traceHref(trace.traceId))}
    />
  );
}
