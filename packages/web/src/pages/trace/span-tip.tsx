import type { JSX } from 'preact';
import { ServiceTag } from '../../components/service-tag.tsx';
import { formatDuration } from '../../format/duration.ts';
import { failureText } from '../../format/failure.ts';
import { counted } from '../../format/number.ts';
import type { SpanNode } from './tree.ts';

export interface Hovered {
  node: SpanNode;
  /** The row that the pointer is on. */
  row: HTMLElement;
}

const heightPx = 120;

/** The facts of the span under the pointer. What it says is in the span panel too, for keys and screen readers. */
export function SpanTip({ node, row, logCount }: Hovered & { logCount: number }): JSX.Element {
  const box = row.getBoundingClientRect();
  const below = box.bottom + heightPx < window.innerHeight;
  const { span } = node;
  return (
    <div
      class="span-tip"
      aria-hidden="true"
      style={{ left: `${box.left + box.width * 0.42}px`, top: `${below ? box.bottom + 4 : box.top - heightPx}px` }}
    >
      <p class="tip-name">
        <ServiceTag name={span.serviceName} /> {span.name}
      </p>
      <dl>
        <dt>Duration</dt>
        <dd>{formatDuration(span.durationMs)}</dd>
        <dt>Own time</dt>
        <dd>{formatDuration(node.selfMs)}</dd>
        <dt>Starts at</dt>
        <dd>{formatDuration(node.startMs)}</dd>
        <dt>Kind</dt>
        <dd>{span.kind}</dd>
      </dl>
      {logCount > 0 && <p>{counted(logCount, 'log line')}</p>}
      {span.status === 'error' && <p class="error-text">{failureText(span)}</p>}
    </div>
  );
}
