import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { serviceHue } from '../../state/service-color.ts';
import { isDark } from '../../state/theme.ts';
import { placeIn, viewBetween, type View } from './scale.ts';
import { visibleRows, type SpanNode } from './tree.ts';

interface MinimapProps {
  roots: readonly SpanNode[];
  durationMs: number;
  /** The zoomed part; `undefined` for all. */
  view: View | undefined;
  onView: (view: View | undefined) => void;
}

const heightPx = 40;

/** Draws every span as a line, in the colours of the style sheet. */
function draw(canvas: HTMLCanvasElement, nodes: readonly SpanNode[], durationMs: number): void {
  const width = canvas.clientWidth;
  const ratio = window.devicePixelRatio;
  canvas.width = width * ratio;
  canvas.height = heightPx * ratio;
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.scale(ratio, ratio);
  const style = getComputedStyle(canvas);
  const line = Math.max(1, Math.min(4, (heightPx - 6) / nodes.length - 1));
  for (const [index, node] of nodes.entries()) {
    const failed = node.span.status === 'error';
    context.fillStyle = style.getPropertyValue(failed ? '--error' : `--hue-${serviceHue(node.span.serviceName)}`);
    const left = (node.startMs / durationMs) * width;
    const length = Math.max(1, (node.span.durationMs / durationMs) * width);
    context.fillRect(left, 3 + (index * (heightPx - 6)) / nodes.length, length, line);
  }
}

/** The whole trace in small; dragging over it zooms the waterfall to that part, a click or Escape shows all again. */
export function Minimap({ roots, durationMs, view, onView }: MinimapProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const nodes = useMemo(() => visibleRows(roots, new Set()), [roots]);
  const [dragFrom, setDragFrom] = useState<number | undefined>();
  const dark = isDark();

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => draw(element, nodes, durationMs));
    observer.observe(element);
    draw(element, nodes, durationMs);
    return () => observer.disconnect();
  }, [nodes, durationMs, dark]);

  const timeAt = (event: PointerEvent): number => {
    const box = canvas.current?.getBoundingClientRect();
    return box === undefined ? 0 : ((event.clientX - box.left) / box.width) * durationMs;
  };
  const at = view && placeIn({ fromMs: 0, toMs: durationMs }, view.fromMs, view.toMs - view.fromMs);
  return (
    <div
      class="minimap"
      aria-hidden="true"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setDragFrom(timeAt(event));
        onView(undefined);
      }}
      onPointerMove={(event) => {
        if (dragFrom !== undefined && Math.abs(timeAt(event) - dragFrom) > durationMs / 100) {
          onView(viewBetween(dragFrom, timeAt(event), durationMs));
        }
      }}
      onPointerUp={() => setDragFrom(undefined)}
      onPointerCancel={() => setDragFrom(undefined)}
    >
      <canvas ref={canvas} />
      {at !== undefined && (
        <>
          <span class="shade" style={{ left: '0', width: `${at.left}%` }} />
          <span class="shade" style={{ left: `${at.left + at.width}%`, right: '0' }} />
        </>
      )}
    </div>
  );
}
