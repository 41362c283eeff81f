import type { Log, Span, Trace } from '@crmbet/telemetry';
import type { JSX } from 'preact';
import { useCallback, useMemo, useState } from 'preact/hooks';
import { LevelTag } from '../../components/level-tag.tsx';
import { LogDetail } from '../../components/log-detail.tsx';
import { formatOffset } from '../../format/duration.ts';
import { counted } from '../../format/number.ts';
import { dateTime, nanosToMs, offsetMs } from '../../format/time.ts';
import { fieldPreview } from '../../format/value.ts';
import { Rows } from '../../lists/rows.tsx';
import { place, setParams } from '../../router/location.ts';
import { pageHref } from '../../router/routes.ts';
import { keyedLogs, type KeyedLog } from '../logs/keyed-logs.ts';

interface TraceLogsProps {
  trace: Trace;
  logs: readonly Log[] | undefined;
  problem: string | undefined;
  span: Span | undefined;
  onSelect: (spanId: string | undefined) => void;
}

const keyOf = (line: KeyedLog): string => line.key;

function Empty({
  logs,
  problem,
  only,
}: {
  logs: readonly Log[] | undefined;
  problem: string | undefined;
  only: boolean;
}): JSX.Element {
  if (problem !== undefined) return <p class="panel-note">{problem}</p>;
  if (logs === undefined) return <p class="panel-note">Loading logs …</p>;
  return <p class="panel-note">{only ? 'This span logged nothing.' : 'No log line carries this trace ID.'}</p>;
}

/** The logs of the trace in order; those of the chosen span are marked, or shown alone. */
export function TraceLogs({ trace, logs, problem, span, onSelect }: TraceLogsProps): JSX.Element {
  const only = place.value.params.get('only') === '1' && span !== undefined;
  const [openKey, setOpenKey] = useState('');
  const lines = useMemo(() => keyedLogs(logs ?? []), [logs]);
  const shown = useMemo(
    () => (only ? lines.filter((line) => line.log.spanId === span?.spanId) : lines),
    [lines, only, span?.spanId],
  );
  const own = useMemo(
    () => (span === undefined ? [] : lines.filter((line) => line.log.spanId === span.spanId)),
    [lines, span],
  );
  const detail = useCallback(
    (line: KeyedLog) =>
      line.key === openKey ? (
        <>
          {line.log.spanId !== '' && (
            <button type="button" class="button quiet" onClick={() => onSelect(line.log.spanId)}>
              Show its span
            </button>
          )}
          <LogDetail log={line.log} inTrace />
        </>
      ) : undefined,
    [openKey],
  );
  return (
    <section class="panel logs-panel" aria-label="Logs of the trace">
      <header class="panel-head">
        <h2>
          Logs <span class="count">{only ? `${shown.length} of ${lines.length}` : lines.length}</span>
        </h2>
        {span !== undefined && (
          <button
            type="button"
            class="button quiet"
            aria-pressed={only}
            onClick={() => setParams({ only: only ? undefined : '1' }, { replace: true })}
          >
            Only this span ({own.length})
          </button>
        )}
        <a class="button quiet" href={pageHref('logs', { traceId: trace.traceId })}>
          In logs
        </a>
      </header>
      {shown.length === 0 ? (
        <Empty logs={logs} problem={problem} only={only} />
      ) : (
        <Rows
          items={shown}
          keyOf={keyOf}
          rowHeight={26}
          label={`${counted(shown.length, 'log line')}. Enter opens a line`}
          class="trace-log-rows"
          // The first line of a chosen span comes into view.
          activeKey={own[0]?.key}
          row={({ log }) => (
            <>
              <span role="gridcell" class="time" title={dateTime(nanosToMs(log.timeUnixNano))}>
                {formatOffset(offsetMs(trace.startTimeUnixNano, log.timeUnixNano))}
              </span>
              <span role="gridcell">
                <LevelTag level={log.level} />
              </span>
              <span role="gridcell" class="message">
                <span class="log-text">{log.body}</span> <span class="soft">{fieldPreview(log.attributes)}</span>
              </span>
            </>
          )}
          rowAttributes={({ key, log }) => ({
            'aria-expanded': key === openKey,
            'data-level': log.level,
            'data-own': span !== undefined && log.spanId === span.spanId ? 'true' : undefined,
          })}
          detail={detail}
          onOpen={(line) => setOpenKey(line.key === openKey ? '' : line.key)}
        />
      )}
    </section>
  );
}
