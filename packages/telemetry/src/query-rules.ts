import { TelemetryError } from './errors.ts';
import {
  type LogLevel,
  type LogQuery,
  type MetricAggregation,
  type MetricQuery,
  type SpanStatus,
  type TimeRange,
  type TraceQuery,
} from './query.ts';

/** What every backend and the HTTP API allow in a query; a refusal names the parameter, its value and what is allowed. */
export const SPAN_STATUS_VALUES: readonly SpanStatus[] = ['unset', 'ok', 'error'];
export const LOG_LEVEL_VALUES: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];
export const LOG_ORDER_VALUES = ['asc', 'desc'] as const;
export const AGGREGATION_VALUES: readonly MetricAggregation[] = [
  'last',
  'rate',
  'increase',
  'sum',
  'avg',
  'max',
  'min',
  'quantile',
];

const MAX_TRACES = 1000;
const MAX_LOGS = 10_000;
const MAX_FILTERS = 50;
const MAX_TEXT_LENGTH = 10_000;
/** Year 2262, where signed nanoseconds end. */
const MAX_TIME_MS = 9_223_372_036_000;
const MAX_STEP_SECONDS = 31_536_000;

export function invalidQuery(name: string, value: unknown, allowed: string): TelemetryError {
  const shown = String(value).slice(0, 100);
  return new TelemetryError('INVALID_QUERY', `Invalid ${name}=${shown}: ${allowed}.`);
}

function checkNumber(name: string, value: number | undefined, minimum: number, maximum: number, what: string): void {
  if (value === undefined) return;
  if (!Number.isFinite(value) || value < minimum || value > maximum)
    throw invalidQuery(name, value, `${what} from ${minimum} to ${maximum} is allowed`);
}

function checkWhole(name: string, value: number | undefined, minimum: number, maximum: number): void {
  checkNumber(name, value, minimum, maximum, 'a whole number');
  if (value !== undefined && !Number.isInteger(value))
    throw invalidQuery(name, value, `a whole number from ${minimum} to ${maximum} is allowed`);
}

function checkOneOf(name: string, value: string | undefined, allowed: readonly string[]): void {
  if (value !== undefined && !allowed.includes(value))
    throw invalidQuery(name, value, `allowed are ${allowed.join(', ')}`);
}

function checkText(name: string, value: string | undefined): void {
  if (value === undefined) return;
  if (typeof value !== 'string' || value.length > MAX_TEXT_LENGTH)
    throw invalidQuery(name, value, `a text of at most ${MAX_TEXT_LENGTH} characters is allowed`);
}

function checkPairs(name: string, pairs: Record<string, string> | undefined): void {
  const entries = Object.entries(pairs ?? {});
  if (entries.length > MAX_FILTERS)
    throw invalidQuery(name, `${entries.length} filters`, `at most ${MAX_FILTERS} are allowed`);
  for (const [key, value] of entries) {
    if (key === '') throw invalidQuery(name, `=${value}`, 'key=value with a key is allowed');
    checkText(`${name} ${key}`, value);
  }
}

/** @throws {TelemetryError} code `INVALID_QUERY` */
export function validateRange<T extends TimeRange>(range: T): T {
  checkNumber('startMs', range.startMs, 0, MAX_TIME_MS, 'milliseconds since the Unix epoch');
  checkNumber('endMs', range.endMs, 0, MAX_TIME_MS, 'milliseconds since the Unix epoch');
  if (range.startMs !== undefined && range.endMs !== undefined && range.endMs < range.startMs) {
    throw invalidQuery('endMs', range.endMs, `a time not before startMs=${range.startMs} is allowed`);
  }
  return range;
}

/** @throws {TelemetryError} code `INVALID_QUERY` */
export function validateTraceQuery(query: TraceQuery): TraceQuery {
  checkText('service', query.service);
  checkText('operation', query.operation);
  checkText('correlationId', query.correlationId);
  checkNumber('minDurationMs', query.minDurationMs, 0, MAX_TIME_MS, 'milliseconds');
  checkNumber('maxDurationMs', query.maxDurationMs, 0, MAX_TIME_MS, 'milliseconds');
  checkOneOf('status', query.status, SPAN_STATUS_VALUES);
  checkPairs('attribute', query.attributes);
  checkWhole('limit', query.limit, 1, MAX_TRACES);
  return validateRange(query);
}

/** @throws {TelemetryError} code `INVALID_QUERY` */
export function validateLogQuery(query: LogQuery): LogQuery {
  for (const name of ['text', 'service', 'traceId', 'spanId', 'correlationId'] as const) checkText(name, query[name]);
  checkOneOf('minLevel', query.minLevel, LOG_LEVEL_VALUES);
  checkOneOf('order', query.order, LOG_ORDER_VALUES);
  checkPairs('field', query.fields);
  checkWhole('limit', query.limit, 1, MAX_LOGS);
  return validateRange(query);
}

/** @throws {TelemetryError} code `INVALID_QUERY` */
export function validateMetricQuery(query: MetricQuery): MetricQuery {
  if (query.name === '') throw invalidQuery('name', '', "a metric's name is required");
  checkText('name', query.name);
  checkText('service', query.service);
  checkPairs('label', query.labels);
  if ((query.groupBy?.length ?? 0) > MAX_FILTERS)
    throw invalidQuery('groupBy', `${query.groupBy?.length} labels`, `at most ${MAX_FILTERS} are allowed`);
  checkOneOf('aggregation', query.aggregation, AGGREGATION_VALUES);
  checkNumber('quantile', query.quantile, 0, 1, 'a number');
  checkNumber('stepSeconds', query.stepSeconds, 1, MAX_STEP_SECONDS, 'seconds');
  return validateRange(query);
}

/**
 * The ID in lower case.
 * @throws {TelemetryError} code `INVALID_QUERY`
 */
export function validateTraceId(traceId: string): string {
  if (!/^[0-9a-f]{32}$/i.test(traceId)) throw invalidQuery('traceId', traceId, '32 hexadecimal digits are allowed');
  return traceId.toLowerCase();
}

/** Longest ID that is looked up: that of a correlation ID. */
const MAX_ID_LENGTH = 128;

/** @throws {TelemetryError} code `INVALID_QUERY` */
export function validateId(id: string): string {
  if (id === '' || id.length > MAX_ID_LENGTH)
    throw invalidQuery('id', id, `1 to ${MAX_ID_LENGTH} characters are allowed`);
  return id;
}
