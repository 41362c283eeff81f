import type { Log, Trace } from '@crmbet/telemetry';
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { formatDuration } from '../../format/duration.ts';
import { offsetMs } from '../../format/time.ts';
import { Rows } from '../../lists/rows.tsx';
import { Minimap } from './minimap.tsx';
import { placeIn, ticksOf, type View } from './scale.ts';
import { SpanRow } from './span-row.tsx';
import { SpanTip, type Hovered } from './span-tip.tsx';
import { visibleRows, type SpanNode } from './tree.ts';
import { useCollapsed } from './use-collapsed.ts';

interface WaterfallProps {
  trace: Trace;
  roots: readonly SpanNode[];
  logs: readonly Log[];
  selected: string | undefined;
  onSelect: (spanId: string | undefined) => void;
}

/** Times of warnings and errors among the logs, by span, to be marked on its row. */
function marksBySpan(logs: readonly Log[], traceStart: string): Map<string, { ms: number; level: Log['level'] }[]> {
  const marks = new Map<string, { ms: number; level: Log['level'] }[]>();
  for (const { spanId, level, timeUnixNano } of logs) {
    const list = marks.get(spanId) ?? [];
    list.push({ ms: offsetMs(traceStart, timeUnixNano), level });
    marks.set(spanId, list);
  }
  return marks;
}

const keyOf = (node: SpanNode): string => node.key;

/** The spans of a trace over time, as a tree that opens and closes. */
export function Waterfall({ trace, roots, logs, selected, onSelect }: WaterfallProps): JSX.Element {
  const collapse = useCollapsed(roots);
  const rows = useMemo(() => visibleRows(roots, collapse.keys), [roots, collapse.keys]);
  const durationMs = Math.max(trace.durationMs, 1e-6);
  const [zoom, setZoom] = useState<View | undefined>();
  const view = zoom ?? { fromMs: 0, toMs: durationMs };
  const [hovered, setHovered] = useState<Hovered | undefined>();
  const marks = useMemo(() => marksBySpan(logs, trace.startTimeUnixNano), [logs, trace]);
  const ticks = ticksOf(view, 5);

  return (
    <section class="waterfall" aria-label="Spans of the trace">
      <Minimap roots={roots} durationMs={durationMs} view={zoom} onView={setZoom} />
      <Rows
        items={rows}
        keyOf={keyOf}
        rowHeight={28}
        headHeight={28}
        label="Spans. Left and right arrows close and open, Enter shows the span"
        role="treegrid"
        class="span-rows"
        primary
        activeKey={selected}
        head={
          <>
            <span role="columnheader" class="span-head">
              Span
              <span class="collapse-all">
                <button type="button" class="button quiet" onClick={collapse.closeAll}>
                  Close all
                </button>
                <button type="button" class="button quiet" onClick={collapse.openAll}>
                  Open all
                </button>
              </span>
            </span>
            <span role="columnheader" class="axis" aria-label="Time">
              {ticks.map((ms) => {
                const left = placeIn(view, ms, 0)?.left ?? 0;
                // A label at the right edge stands before its line.
                return (
                  <span key={ms} class="tick" data-end={left > 88 ? '' : undefined} style={{ left: `${left}%` }}>
                    {formatDuration(ms)}
                  </span>
                );
              })}
            </span>
          </>
        }
        row={(node) => (
          <SpanRow
            node={node}
            view={view}
            ticks={ticks}
            open={!collapse.keys.has(node.key)}
            marks={marks.get(node.span.spanId) ?? []}
            onToggle={() => collapse.toggle(node.key)}
          />
        )}
        rowAttributes={(node) => ({
          'aria-level': node.depth + 1,
          'aria-expanded': node.children.length === 0 ? undefined : !collapse.keys.has(node.key),
          'aria-selected': node.span.spanId === selected,
          'data-span': node.span.spanId,
        })}
        onOpen={(node) => onSelect(node.span.spanId)}
        // Moving through the tree takes an open span panel along.
        onMove={(node) => selected !== undefined && onSelect(node.span.spanId)}
        onKey={(key, node) => {
          if (key === 'ArrowLeft' || key === 'ArrowRight')
            return node !== undefined && collapse.set(node, key === 'ArrowLeft');
          if (key !== 'Escape' || zoom === undefined) return false;
          setZoom(undefined);
          return true;
        }}
        onHover={(node, row) => setHovered(node === undefined || row === undefined ? undefined : { node, row })}
      />
      {hovered !== undefined && <SpanTip {...hovered} logCount={marks.get(hovered.node.span.spanId)?.length ?? 0} />}
    </section>
  );
}
