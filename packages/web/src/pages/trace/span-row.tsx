import type { Log } from '@crmbet/telemetry';
import type { JSX } from 'preact';
import { Icon } from '../../components/icons.tsx';
import { formatDuration } from '../../format/duration.ts';
import { counted } from '../../format/number.ts';
import { serviceHue } from '../../state/service-color.ts';
import { placeIn, type View } from './scale.ts';
import type { SpanNode } from './tree.ts';

interface SpanRowProps {
  node: SpanNode;
  view: View;
  ticks: readonly number[];
  open: boolean;
  /** Logs of the span by their time in the trace. */
  marks: readonly { ms: number; level: Log['level'] }[];
  onToggle: () => void;
}

/** Deeper spans are drawn no further to the right, so that their name stays readable. */
const deepestIndent = 16;
const shownMarks = 50;

function NameCell({ node, open, onToggle }: Pick<SpanRowProps, 'node' | 'open' | 'onToggle'>): JSX.Element {
  const { span } = node;
  const failed = span.status === 'error';
  return (
    <span
      role="gridcell"
      class="span-name"
      style={{ paddingInlineStart: `${Math.min(node.depth, deepestIndent) * 14 + 4}px` }}
    >
      {node.children.length > 0 ? (
        <button
          type="button"
          class="caret"
          tabIndex={-1}
          data-open={open}
          aria-label={`${open ? 'Close' : 'Open'} ${counted(node.below, 'span')} below`}
          onClick={onToggle}
        >
          <Icon name="chevron" />
        </button>
      ) : (
        <span class="caret" />
      )}
      <span class="swatch" aria-hidden="true" />
      {failed && <Icon name="error" label="Error" />}
      {!failed && !open && node.errorBelow && (
        <span class="error-below">
          <Icon name="error" label="An error below" />
        </span>
      )}
      <span class="label" title={`${span.serviceName}: ${span.name}`}>
        {span.name} <span class="span-service">{span.serviceName}</span>
      </span>
      {!open && node.below > 0 && <span class="more">+{node.below}</span>}
    </span>
  );
}

function TimeCell({ node, view, ticks, marks }: Pick<SpanRowProps, 'node' | 'view' | 'ticks' | 'marks'>): JSX.Element {
  const { span } = node;
  const at = placeIn(view, node.startMs, span.durationMs);
  const end = at === undefined ? 0 : at.left + at.width;
  // The label stands beside the bar on the side that has room, or in it when it fills the row.
  const side = end < 82 ? 'right' : (at?.left ?? 0) > 18 ? 'left' : 'inside';
  const anchor =
    side === 'right'
      ? { left: `${end}%` }
      : { right: `${100 - (side === 'left' ? (at?.left ?? 0) : Math.min(end, 100))}%` };
  return (
    <span role="gridcell" class="span-time">
      {ticks.map((ms) => (
        <span key={ms} class="grid-line" aria-hidden="true" style={{ left: `${placeIn(view, ms, 0)?.left ?? 0}%` }} />
      ))}
      {at !== undefined && (
        <>
          <span class="span-bar" aria-hidden="true" style={{ left: `${at.left}%`, width: `${at.width}%` }} />
          <span class={`span-duration ${side}`} style={anchor}>
            {formatDuration(span.durationMs)}
          </span>
        </>
      )}
      {marks.slice(0, shownMarks).map((mark, index) => {
        const left = placeIn(view, mark.ms, 0)?.left;
        return (
          left !== undefined && (
            <span
              key={index}
              class={`log-mark log-mark-${mark.level}`}
              aria-hidden="true"
              style={{ left: `${left}%` }}
            />
          )
        );
      })}
    </span>
  );
}

/** One span: where it stands in the tree, and when it ran. */
export function SpanRow(props: SpanRowProps): JSX.Element {
  const { span } = props.node;
  return (
    <span
      class="span-row"
      role="presentation"
      data-hue={serviceHue(span.serviceName)}
      data-error={span.status === 'error'}
    >
      <NameCell node={props.node} open={props.open} onToggle={props.onToggle} />
      <TimeCell node={props.node} view={props.view} ticks={props.ticks} marks={props.marks} />
    </span>
  );
}
