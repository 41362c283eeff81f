import type { Span } from '@crmbet/telemetry';
import { offsetMs } from '../../format/time.ts';

/** A span where it stands in its trace. */
export interface SpanNode {
  /** Unique in the trace, even when a span was stored twice. */
  key: string;
  span: Span;
  /** 0 for a root. */
  depth: number;
  /** Milliseconds from the start of the trace. */
  startMs: number;
  /** Duration without the time in which a child ran. */
  selfMs: number;
  children: SpanNode[];
  /** It names a parent that is not stored. */
  orphan: boolean;
  /** Spans below it, at any depth. */
  below: number;
  /** Some span below it failed. */
  errorBelow: boolean;
}

/** Time covered by at least one child, within the span itself. */
function coveredMs(node: SpanNode): number {
  const end = node.startMs + node.span.durationMs;
  let covered = 0;
  let reached = node.startMs;
  for (const child of node.children) {
    const from = Math.max(child.startMs, reached);
    const to = Math.min(child.startMs + child.span.durationMs, end);
    if (to > from) covered += to - from;
    reached = Math.max(reached, to);
  }
  return covered;
}

function makeNodes(spans: readonly Span[], traceStart: string): { nodes: SpanNode[]; byId: Map<string, SpanNode> } {
  const byId = new Map<string, SpanNode>();
  const nodes = spans.map((span, index) => {
    const key = byId.has(span.spanId) ? `${span.spanId}-${index}` : span.spanId;
    const startMs = offsetMs(traceStart, span.startTimeUnixNano);
    const node: SpanNode = {
      key,
      span,
      depth: 0,
      startMs,
      selfMs: 0,
      children: [],
      orphan: false,
      below: 0,
      errorBelow: false,
    };
    if (!byId.has(span.spanId)) byId.set(span.spanId, node);
    return node;
  });
  return { nodes, byId };
}

/** Nodes in the order of a waterfall, parents first, without recursion: a trace may be thousands of spans deep. */
function walk(roots: readonly SpanNode[], isOpen: (node: SpanNode) => boolean): SpanNode[] {
  const rows: SpanNode[] = [];
  const stack = roots.toReversed();
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    rows.push(node);
    if (isOpen(node)) for (const child of node.children.toReversed()) stack.push(child);
  }
  return rows;
}

/** Makes a root of the first span of each cycle of parents, which is bad input that no tree can show. */
function breakCycles(ordered: readonly SpanNode[], byId: ReadonlyMap<string, SpanNode>, roots: SpanNode[]): void {
  const reached = new Set(walk(roots, () => true));
  for (const node of ordered) {
    if (reached.has(node)) continue;
    const siblings = byId.get(node.span.parentSpanId)?.children;
    siblings?.splice(siblings.indexOf(node), 1);
    node.orphan = true;
    roots.push(node);
    for (const one of walk([node], () => true)) reached.add(one);
  }
}

/** The spans of a trace as trees, children ordered by their start. Spans whose parent is not stored are roots. */
export function buildTree(spans: readonly Span[], traceStart: string): SpanNode[] {
  const { nodes, byId } = makeNodes(spans, traceStart);
  const roots: SpanNode[] = [];
  const ordered = nodes.toSorted((one, other) => one.startMs - other.startMs);
  for (const node of ordered) {
    const parent = node.span.parentSpanId === '' ? undefined : byId.get(node.span.parentSpanId);
    node.orphan = parent === undefined && node.span.parentSpanId !== '';
    if (parent === undefined) roots.push(node);
    else parent.children.push(node);
  }
  breakCycles(ordered, byId, roots);
  const order = walk(roots, () => true);
  for (const node of order) for (const child of node.children) child.depth = node.depth + 1;
  for (const node of order.toReversed()) {
    node.selfMs = Math.max(0, node.span.durationMs - coveredMs(node));
    for (const child of node.children) {
      node.below += 1 + child.below;
      node.errorBelow ||= child.errorBelow || child.span.status === 'error';
    }
  }
  return roots;
}

/** The rows of the waterfall when the spans in `collapsed` hide what is below them. */
export function visibleRows(roots: readonly SpanNode[], collapsed: ReadonlySet<string>): SpanNode[] {
  return walk(roots, (node) => !collapsed.has(node.key));
}
