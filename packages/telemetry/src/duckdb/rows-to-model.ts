import { type Attributes, type Log, type LogLevel, type Span, type SpanKind, type SpanStatus } from '../query.ts';
import { idToHex } from './ids.ts';
import { type Row } from './read-pool.ts';

export const SPAN_KINDS: readonly SpanKind[] = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
export const SPAN_STATUSES: readonly SpanStatus[] = ['unset', 'ok', 'error'];
/** Each level covers four OTLP severity numbers from 1 on. */
export const LOG_LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

const NS_PER_MS = 1e6;

/** Typed reads of a row; the schema's columns are all NOT NULL, aggregates may be null. */
export const textOf = (row: Row, column: string): string => (typeof row[column] === 'string' ? row[column] : '');
export const bigintOf = (row: Row, column: string): bigint => (typeof row[column] === 'bigint' ? row[column] : 0n);
export const numberOf = (row: Row, column: string): number => Number(row[column] ?? 0);
export const durationMsOf = (row: Row, column: string): number => Number(bigintOf(row, column)) / NS_PER_MS;

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

export function parseObject(json: string): Attributes {
  const value = parse(json);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Attributes) : {};
}

export function parseList(json: string): unknown[] {
  const value = parse(json);
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** Severity 0 (unspecified) reads as info. */
export function levelOf(severity: number): LogLevel {
  return severity < 1 ? 'info' : (LOG_LEVELS[Math.min(5, Math.floor((severity - 1) / 4))] ?? 'info');
}

/** Columns that {@link spanFromRow} reads, of `store.spans s` joined with `store.resources r`. */
export const SPAN_COLUMNS = "s.*, coalesce(r.attributes, '{}') AS resource";
export const SPAN_SOURCE = 'store.spans s LEFT JOIN store.resources r USING (resource_id)';
/** Columns that {@link logFromRow} reads. */
export const LOG_COLUMNS = "l.*, coalesce(r.attributes, '{}') AS resource";
export const LOG_SOURCE = 'store.logs l LEFT JOIN store.resources r USING (resource_id)';

/** Of the JSON that the receiver wrote: a text or number as text, anything else as empty. */
const asText = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
const asAttributes = (value: unknown): Attributes => (typeof value === 'object' && value !== null ? { ...value } : {});
const asFields = (value: unknown): Record<string, unknown> => asAttributes(value);

function eventFrom(event: unknown): Span['events'][number] {
  const { name, timeUnixNano, attributes } = asFields(event);
  return { name: asText(name), timeUnixNano: asText(timeUnixNano) || '0', attributes: asAttributes(attributes) };
}

function linkFrom(link: unknown): Span['links'][number] {
  const { traceId, spanId, attributes } = asFields(link);
  return { traceId: asText(traceId), spanId: asText(spanId), attributes: asAttributes(attributes) };
}

export function spanFromRow(row: Row): Span {
  return {
    traceId: idToHex(bigintOf(row, 'trace_id'), 32),
    spanId: idToHex(bigintOf(row, 'span_id'), 16),
    parentSpanId: idToHex(bigintOf(row, 'parent_span_id'), 16),
    name: textOf(row, 'name'),
    kind: SPAN_KINDS[numberOf(row, 'kind')] ?? 'unspecified',
    serviceName: textOf(row, 'service'),
    scopeName: textOf(row, 'scope'),
    startTimeUnixNano: String(bigintOf(row, 'start_ns')),
    endTimeUnixNano: String(bigintOf(row, 'end_ns')),
    durationMs: durationMsOf(row, 'duration_ns'),
    status: SPAN_STATUSES[numberOf(row, 'status')] ?? 'unset',
    statusMessage: textOf(row, 'status_message'),
    correlationId: textOf(row, 'correlation_id'),
    attributes: parseObject(textOf(row, 'attributes')),
    resource: parseObject(textOf(row, 'resource')),
    events: parseList(textOf(row, 'events')).map(eventFrom),
    links: parseList(textOf(row, 'links')).map(linkFrom),
  };
}

export function logFromRow(row: Row): Log {
  return {
    timeUnixNano: String(bigintOf(row, 'time_ns')),
    level: levelOf(numberOf(row, 'severity')),
    severityText: textOf(row, 'severity_text'),
    body: textOf(row, 'body'),
    serviceName: textOf(row, 'service'),
    scopeName: textOf(row, 'scope'),
    traceId: idToHex(bigintOf(row, 'trace_id'), 32),
    spanId: idToHex(bigintOf(row, 'span_id'), 16),
    correlationId: textOf(row, 'correlation_id'),
    attributes: parseObject(textOf(row, 'attributes')),
    resource: parseObject(textOf(row, 'resource')),
  };
}
