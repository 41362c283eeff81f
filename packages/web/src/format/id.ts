/** What a pasted text can be looked up as. */
export interface ParsedId {
  kind: 'trace' | 'span' | 'correlation';
  id: string;
  /** Of a `traceparent`: the span that it names. */
  spanId?: string;
}

const traceId = /^[0-9a-f]{32}$/i;
const spanId = /^[0-9a-f]{16}$/i;
/** W3C Trace Context `traceparent`: version, trace ID, parent span ID, flags. */
const traceparent = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/i;

/**
 * Reads any ID: 32 hexadecimal digits are a trace, 16 a span, a `traceparent` header both, anything else a correlation ID.
 * Spaces, quotes and a header's or field's name before a colon, as copied from a log line, are left out. `undefined` when nothing is left.
 */
export function parseId(text: string): ParsedId | undefined {
  const bare = text
    .trim()
    .replace(
      /^["']?(?:x-(?:correlation|request)-id|traceparent|trace_?id|span_?id|correlation_?\.?id)["']?\s*[:=]\s*/i,
      '',
    )
    .replaceAll(/^["'`,\s]+|["'`,\s]+$/g, '');
  if (bare === '') return undefined;
  const header = traceparent.exec(bare);
  if (header !== null) {
    return { kind: 'trace', id: (header[1] ?? '').toLowerCase(), spanId: (header[2] ?? '').toLowerCase() };
  }
  if (traceId.test(bare)) return { kind: 'trace', id: bare.toLowerCase() };
  if (spanId.test(bare)) return { kind: 'span', id: bare.toLowerCase() };
  return { kind: 'correlation', id: bare };
}

/** The first characters of an ID, for rows; the whole one goes to the link and the title. */
export function shortId(id: string, length = 8): string {
  return id.length <= length + 1 ? id : `${id.slice(0, length)}…`;
}
