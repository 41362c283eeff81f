import type { Log } from '@crmbet/telemetry';
import type { JSX } from 'preact';
import { useCallback, useMemo, useState } from 'preact/hooks';
import { Icon } from '../../components/icons.tsx';
import { LevelTag } from '../../components/level-tag.tsx';
import { LogDetail } from '../../components/log-detail.tsx';
import { ServiceTag } from '../../components/service-tag.tsx';
import { shortId } from '../../format/id.ts';
import { dateTime, listTime, nanosToMs } from '../../format/time.ts';
import { fieldPreview } from '../../format/value.ts';
import { Rows } from '../../lists/rows.tsx';
import { place } from '../../router/location.ts';
import { correlateHref, traceHref } from '../../router/routes.ts';
import { keyedLogs, type KeyedLog } from './keyed-logs.ts';

const keyOf = (line: KeyedLog): string => line.key;

function LogRow({ log, nowMs }: { log: Log; nowMs: number }): JSX.Element {
  const timeMs = nanosToMs(log.timeUnixNano);
  return (
    <>
      <span role="gridcell" class="time" title={dateTime(timeMs)}>
        {listTime(timeMs, nowMs)}
      </span>
      <span role="gridcell">
        <LevelTag level={log.level} />
      </span>
      <span role="gridcell" class="log-service">
        <ServiceTag name={log.serviceName} />
      </span>
      <span role="gridcell" class="message">
        <span class="log-text">{log.body}</span> <span class="soft">{fieldPreview(log.attributes)}</span>
      </span>
      <span role="gridcell" class="log-jumps">
        {log.correlationId !== '' && (
          <a href={correlateHref(log.correlationId)} tabIndex={-1} title={`Correlation ID ${log.correlationId}`}>
            <code>{shortId(log.correlationId, 11)}</code>
          </a>
        )}
        {log.traceId !== '' && (
          <a href={traceHref(log.traceId, log.spanId)} tabIndex={-1} title="Open its trace">
            <Icon name="trace" label="Open its trace" />
          </a>
        )}
      </span>
    </>
  );
}

/** The log lines found; a line opens to all of its fields. */
export function LogRows({ logs }: { logs: readonly Log[] }): JSX.Element {
  const lines = useMemo(() => keyedLogs(logs), [logs]);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const nowMs = Date.now();
  const toggle = ({ key }: KeyedLog): void => {
    const next = new Set(open);
    if (!next.delete(key)) next.add(key);
    setOpen(next);
  };
  const detail = useCallback(
    (line: KeyedLog) => (open.has(line.key) ? <LogDetail log={line.log} /> : undefined),
    [open],
  );
  return (
    <Rows
      items={lines}
      keyOf={keyOf}
      rowHeight={28}
      headHeight={30}
      label="Log lines. Enter opens a line"
      class="log-rows"
      memory={place.value.path + place.value.params.toString()}
      primary
      head={['Time', 'Level', 'Service', 'Message', 'Correlation ID'].map((name) => (
        <span key={name} role="columnheader">
          {name}
        </span>
      ))}
      row={({ log }) => <LogRow log={log} nowMs={nowMs} />}
      rowAttributes={({ key, log }) => ({ 'aria-expanded': open.has(key), 'data-level': log.level })}
      detail={detail}
      onOpen={toggle}
      onKey={(key) => {
        if (key !== 'Escape' || open.size === 0) return false;
        setOpen(new Set());
        return true;
      }}
    />
  );
}
