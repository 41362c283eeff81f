import type { Span } from '@crmbet/telemetry';

/** A span at its place in the tree of its trace. */
export interface TreeRow {
  span: Span;
  /** Lines that lead to the span: `│  ├─ `. */
  branch: string;
  /** The same for further lines about this span. */
  continuation: string;
  /** Its parent is named and not stored. */
  orphan: boolean;
}

interface Pending {
  span: Span;
  /** Of the parent's children. */
  prefix: string;
  isRoot: boolean;
  isLast: boolean;
}

/**
 * The spans of a trace depth first, children by start time. Spans whose parent is not there are roots; a cycle
 * of parents (broken senders make those) is cut at its first span, so every span comes exactly once.
 */
export function spanTree(spans: readonly Span[]): TreeRow[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const children = childrenOf(spans);
  const seen = new Set<Span>();
  const rows: TreeRow[] = [];
  const walk = (root: Span) => {
    const stack: Pending[] = [{ span: root, prefix: '', isRoot: true, isLast: true }];
    for (let next = stack.pop(); next; next = stack.pop()) {
      const { span, prefix, isRoot, isLast } = next;
      if (seen.has(span)) continue;
      seen.add(span);
      const below = isRoot ? '' : prefix + (isLast ? '   ' : '│  ');
      const kids = (children.get(span.spanId) ?? []).filter((kid) => !seen.has(kid));
      const orphan = isRoot && span.parentSpanId !== '';
      rows.push({
        span,
        branch: isRoot ? '' : prefix + (isLast ? '└─ ' : '├─ '),
        continuation: below + (kids.length > 0 ? '│  ' : '   '),
        orphan,
      });
      const last = kids.length - 1;
      // The stack gives back in reverse what it takes.
      stack.push(
        ...kids.map((kid, index) => ({ span: kid, prefix: below, isRoot: false, isLast: index === last })).toReversed(),
      );
    }
  };
  for (const span of spans) if (span.parentSpanId === '' || !byId.has(span.parentSpanId)) walk(span);
  for (const span of spans) if (!seen.has(span)) walk(span);
  return rows;
}

function childrenOf(spans: readonly Span[]): Map<string, Span[]> {
  const children = new Map<string, Span[]>();
  for (const span of spans) {
    const siblings = children.get(span.parentSpanId);
    if (siblings) siblings.push(span);
    else children.set(span.parentSpanId, [span]);
  }
  return children;
}
