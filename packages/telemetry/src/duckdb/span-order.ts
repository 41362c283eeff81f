import { type Span } from '../query.ts';

const keyOf = (traceId: string, spanId: string): string => traceId + spanId;

/** How many of a span's ancestors are among the spans; of spans that are their own ancestors, some number. */
function depthsOf(spans: readonly Span[]): Map<Span, number> {
  const byKey = new Map(spans.map((span) => [keyOf(span.traceId, span.spanId), span]));
  const depths = new Map<Span, number>();
  for (const span of spans) {
    const path: Span[] = [];
    let above: Span | undefined = span;
    // A span on the path counts as a root already, so that a circle ends.
    while (above !== undefined && !depths.has(above)) {
      depths.set(above, 0);
      path.push(above);
      above = byKey.get(keyOf(above.traceId, above.parentSpanId));
    }
    let depth = above === undefined ? -1 : (depths.get(above) ?? 0);
    for (const one of path.toReversed()) depths.set(one, (depth += 1));
  }
  return depths;
}

/**
 * Spans by start, of the same start parents before children, then by end. Clocks of a millisecond let a request's first spans
 * begin at the same instant, and they are stored as they end: children first.
 */
export function inOrder(spans: readonly Span[]): Span[] {
  const depths = depthsOf(spans);
  const sortable = spans.map((span) => ({
    span,
    start: BigInt(span.startTimeUnixNano),
    end: BigInt(span.endTimeUnixNano),
    depth: depths.get(span) ?? 0,
  }));
  sortable.sort((a, b) => {
    if (a.start !== b.start) return a.start < b.start ? -1 : 1;
    if (a.depth !== b.depth) return a.depth - b.depth;
    return a.end === b.end ? 0 : a.end < b.end ? -1 : 1;
  });
  return sortable.map(({ span }) => span);
}
