import { parseId } from '../format/id.ts';
import { correlateHref, traceHref } from '../router/routes.ts';
import { correlate, getTrace } from './client.ts';
import { ApiError } from './errors.ts';

async function isTrace(id: string, signal: AbortSignal): Promise<boolean> {
  try {
    await getTrace(id, signal);
    return true;
  } catch (thrown) {
    if (thrown instanceof ApiError && (thrown.code === 'NOT_FOUND' || thrown.code === 'INVALID_QUERY')) return false;
    throw thrown;
  }
}

/**
 * The page for any ID: the trace for a trace ID (with its span for a `traceparent`), the trace and span for a span ID,
 * the timeline for a correlation ID and for what nothing is known of. `undefined` when the text holds no ID.
 * @throws {ApiError} when the query API gives no answer
 */
export async function hrefOfId(text: string, signal: AbortSignal): Promise<string | undefined> {
  const parsed = parseId(text);
  if (parsed === undefined) return undefined;
  if (parsed.kind === 'trace' && (await isTrace(parsed.id, signal))) return traceHref(parsed.id, parsed.spanId);
  if (parsed.kind === 'span') {
    const found = await correlate(parsed.id, signal);
    const entry = found.timeline.find((one) => one.kind === 'span' && one.span.spanId === parsed.id);
    if (entry?.kind === 'span') return traceHref(entry.span.traceId, parsed.id);
  }
  return correlateHref(parsed.id);
}
