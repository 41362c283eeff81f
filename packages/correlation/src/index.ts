/**
 * The correlation ID of a request: one text that every span, log record, metric exemplar, outgoing call and
 * message of that request carries. It lives in the OpenTelemetry context (corrections.md 17), so it follows
 * the request wherever the context does; without a registered context manager every reader gets `undefined`.
 *
 * The context key comes from `createContextKey`, which is `Symbol.for`: two copies of this package in one
 * process read and write the same value.
 */
import { randomUUID } from 'node:crypto';
import { context, createContextKey, trace, type Context } from '@opentelemetry/api';

/** Request and response header that carries the ID; checked before {@link REQUEST_ID_HEADER}. Lower case, as Node.js gives header names. */
export const CORRELATION_ID_HEADER = 'x-correlation-id';
/** The second header an ID is taken from. */
export const REQUEST_ID_HEADER = 'x-request-id';
/** Attribute of every span. */
export const CORRELATION_ID_ATTRIBUTE = 'correlation.id';
/** W3C Baggage key. */
export const CORRELATION_ID_BAGGAGE_KEY = 'correlation.id';
/** Field of every log record (specification, index template). */
export const CORRELATION_ID_LOG_FIELD = 'correlationId';
/** Longest ID that is accepted, in characters. */
export const CORRELATION_ID_MAX_LENGTH = 128;

const CORRELATION_ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._:-]*$/;
const correlationIdKey = createContextKey('crmbet.correlation_id');

/**
 * Whether `value` may be used as a correlation ID: 1 to 128 characters out of `A-Z a-z 0-9 . _ : -`, the first a
 * letter or digit. Anything else (header splitting, markup, megabytes) is not trusted and gets replaced.
 */
export function isValidCorrelationId(value: unknown): value is string {
  return typeof value === 'string' && value.length <= CORRELATION_ID_MAX_LENGTH && CORRELATION_ID_PATTERN.test(value);
}

/** A new correlation ID (UUID version 4). */
export function createCorrelationId(): string {
  return randomUUID();
}

/**
 * The ID that a request's headers carry: `X-Correlation-ID`, else `X-Request-ID`, else `undefined`. An invalid value
 * counts as absent; of a repeated header only a single valid value is taken.
 */
export function correlationIdFromHeaders(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): string | undefined {
  for (const name of [CORRELATION_ID_HEADER, REQUEST_ID_HEADER]) {
    const value = headers[name];
    if (isValidCorrelationId(value)) return value;
  }
  return undefined;
}

/**
 * The correlation ID of `ctx`, by default of the active context: the one that was set, else the ID of its trace, so that
 * work that no request began has one ID too, and its spans, records and exemplars share it.
 */
export function getCorrelationId(ctx: Context = context.active()): string | undefined {
  return getExplicitCorrelationId(ctx) ?? trace.getSpanContext(ctx)?.traceId;
}

/** The correlation ID that was set in `ctx`, and nothing else. */
export function getExplicitCorrelationId(ctx: Context): string | undefined {
  const value = ctx.getValue(correlationIdKey);
  return typeof value === 'string' ? value : undefined;
}

/** A context like `ctx` that carries `id`. */
export function setCorrelationId(ctx: Context, id: string): Context {
  return ctx.setValue(correlationIdKey, id);
}

/**
 * Runs `fn` with `id` as the correlation ID and returns its result; the entry for schedulers, consumers and tests.
 * @throws {TypeError} when `id` is not a valid correlation ID
 */
export function withCorrelationId<T>(id: string, fn: () => T): T {
  if (!isValidCorrelationId(id)) {
    throw new TypeError(
      `Invalid correlation ID: expected 1 to ${CORRELATION_ID_MAX_LENGTH} characters of A-Z a-z 0-9 . _ : -, starting with a letter or digit`,
    );
  }
  return context.with(setCorrelationId(context.active(), id), fn);
}
