import type { Span, Trace } from '@crmbet/telemetry';
import type { ComponentChildren, JSX } from 'preact';
import { AttributeList } from '../../components/attribute-list.tsx';
import { CopyId } from '../../components/copy-id.tsx';
import { Icon } from '../../components/icons.tsx';
import { ServiceTag } from '../../components/service-tag.tsx';
import { formatDuration, formatOffset } from '../../format/duration.ts';
import { failureText } from '../../format/failure.ts';
import { shortId } from '../../format/id.ts';
import { clockTime, nanosToMs, offsetMs } from '../../format/time.ts';
import { attributeText } from '../../format/value.ts';
import { correlateHref, pageHref, traceHref } from '../../router/routes.ts';

interface SpanPanelProps {
  trace: Trace;
  span: Span;
  onClose: () => void;
}

function Part({
  title,
  count,
  open = true,
  children,
}: {
  title: string;
  count: number;
  open?: boolean;
  children: ComponentChildren;
}): JSX.Element | null {
  if (count === 0) return null;
  return (
    <details class="part" open={open}>
      <summary>
        {title} <span class="count">{count}</span>
      </summary>
      {children}
    </details>
  );
}

function Events({ trace, span }: { trace: Trace; span: Span }): JSX.Element {
  return (
    <ol class="events">
      {span.events.map((event, index) => (
        <li key={index} data-error={event.name === 'exception'}>
          <p>
            <strong>{event.name}</strong>{' '}
            <span class="time">{formatOffset(offsetMs(trace.startTimeUnixNano, event.timeUnixNano))}</span>
          </p>
          <AttributeList attributes={event.attributes} />
        </li>
      ))}
    </ol>
  );
}

function Links({ span }: { span: Span }): JSX.Element {
  return (
    <ul class="events">
      {span.links.map((link) => (
        <li key={link.spanId}>
          <a href={traceHref(link.traceId, link.spanId)}>
            Span <code>{link.spanId}</code> of trace <code>{shortId(link.traceId)}</code>
          </a>
          <AttributeList attributes={link.attributes} />
        </li>
      ))}
    </ul>
  );
}

/** A value leads to the traces that have it too; the correlation ID to its timeline. */
function attributeHref(key: string, value: unknown): string {
  const text = attributeText(value);
  return key === 'correlation.id' ? correlateHref(text) : pageHref('traces', { attribute: `${key}=${text}` });
}

/** Everything that one span says. */
export function SpanPanel({ trace, span, onClose }: SpanPanelProps): JSX.Element {
  const startMs = nanosToMs(span.startTimeUnixNano);
  return (
    <aside class="panel span-panel" aria-label={`Span ${span.name}`}>
      <header class="panel-head">
        <h2 title={span.name}>{span.name}</h2>
        <button type="button" class="icon-button" aria-label="Close the span" title="Close (Esc)" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div class="panel-body" tabIndex={0} role="group" aria-label="Details of the span">
        {span.status === 'error' && (
          <p class="error-box">
            <Icon name="error" /> {failureText(span)}
          </p>
        )}
        <dl class="facts-grid">
          <dt>Service</dt>
          <dd>
            <ServiceTag name={span.serviceName} />
          </dd>
          <dt>Duration</dt>
          <dd>
            {formatDuration(span.durationMs)}
            <span class="soft"> from {formatDuration(offsetMs(trace.startTimeUnixNano, span.startTimeUnixNano))}</span>
          </dd>
          <dt>Start</dt>
          <dd>{clockTime(startMs)}</dd>
          <dt>Kind</dt>
          <dd>
            {span.kind}
            <span class="soft"> status {span.status}</span>
          </dd>
          <dt>Span ID</dt>
          <dd>
            <CopyId id={span.spanId} what="span ID" />
          </dd>
          {span.scopeName !== '' && (
            <>
              <dt>Made by</dt>
              <dd class="break">{span.scopeName}</dd>
            </>
          )}
        </dl>
        <Part title="Attributes" count={Object.keys(span.attributes).length}>
          <AttributeList attributes={span.attributes} hrefOf={attributeHref} />
        </Part>
        <Part title="Events" count={span.events.length}>
          <Events trace={trace} span={span} />
        </Part>
        <Part title="Links" count={span.links.length}>
          <Links span={span} />
        </Part>
        <Part title="Resource" count={Object.keys(span.resource).length} open={false}>
          <AttributeList attributes={span.resource} />
        </Part>
      </div>
    </aside>
  );
}
