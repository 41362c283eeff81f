import type { Log } from '@crmbet/telemetry';
import type { JSX } from 'preact';
import { attributeBlock, attributeText } from '../format/value.ts';
import { dateTime, nanosToMs } from '../format/time.ts';
import { correlateHref, pageHref, traceHref } from '../router/routes.ts';
import { AttributeList } from './attribute-list.tsx';

/** The whole of a log line, with jumps to its trace and to everything with its correlation ID. */
export function LogDetail({ log, inTrace = false }: { log: Log; inTrace?: boolean }): JSX.Element {
  return (
    <div class="log-detail">
      <pre class="log-body">{attributeBlock(log.body)}</pre>
      <p class="jumps">
        <span class="time">{dateTime(nanosToMs(log.timeUnixNano))}</span>
        {!inTrace && log.traceId !== '' && <a href={traceHref(log.traceId, log.spanId)}>Open its trace</a>}
        {log.correlationId !== '' && <a href={correlateHref(log.correlationId)}>Everything for {log.correlationId}</a>}
      </p>
      <AttributeList
        attributes={log.attributes}
        hrefOf={(key, value) => pageHref('logs', { field: `${key}=${attributeText(value)}` })}
      />
      {Object.keys(log.resource).length > 0 && (
        <details class="part">
          <summary>
            Resource <span class="count">{Object.keys(log.resource).length}</span>
          </summary>
          <AttributeList attributes={log.resource} />
        </details>
      )}
    </div>
  );
}
