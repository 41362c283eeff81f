import { type DuckDBAppender } from '@duckdb/node-api';
import { type ExemplarRecord, type LogRecord, type MetricPointRecord, type SpanRecord } from '../model.ts';
import { idFromHex, toUint64 } from './ids.ts';

const clampByte = (value: number): number => Math.min(255, Math.max(0, Math.trunc(value) || 0));

/** Appends one row and says whether it did: a record with an impossible ID is refused before anything is appended. */
export function appendSpan(to: DuckDBAppender, span: SpanRecord, resourceId: bigint): boolean {
  const traceId = idFromHex(span.traceId, 32);
  const spanId = idFromHex(span.spanId, 16);
  const parentSpanId = idFromHex(span.parentSpanId, 16);
  if (!traceId || !spanId || parentSpanId === undefined) return false;
  const start = toUint64(span.startTimeUnixNano);
  const end = toUint64(span.endTimeUnixNano);
  to.appendUHugeInt(traceId);
  to.appendUBigInt(spanId);
  to.appendUBigInt(parentSpanId);
  to.appendVarchar(span.name);
  to.appendUTinyInt(clampByte(span.kind));
  to.appendUBigInt(start);
  to.appendUBigInt(end);
  to.appendUBigInt(end > start ? end - start : 0n);
  to.appendUTinyInt(clampByte(span.statusCode));
  to.appendVarchar(span.statusMessage);
  to.appendVarchar(span.serviceName);
  to.appendVarchar(span.correlationId);
  to.appendVarchar(span.scopeName);
  to.appendVarchar(span.attributes);
  to.appendUBigInt(resourceId);
  to.appendVarchar(span.events);
  to.appendVarchar(span.links);
  to.endRow();
  return true;
}

/** As {@link appendSpan}. A log without a time of its own gets the time at which it was observed. */
export function appendLog(to: DuckDBAppender, log: LogRecord, resourceId: bigint): boolean {
  const traceId = idFromHex(log.traceId, 32);
  const spanId = idFromHex(log.spanId, 16);
  if (traceId === undefined || spanId === undefined) return false;
  to.appendUBigInt(toUint64(log.timeUnixNano === 0n ? log.observedTimeUnixNano : log.timeUnixNano));
  to.appendUBigInt(toUint64(log.observedTimeUnixNano));
  to.appendUTinyInt(clampByte(log.severityNumber));
  to.appendVarchar(log.severityText);
  to.appendVarchar(log.body);
  to.appendUHugeInt(traceId);
  to.appendUBigInt(spanId);
  to.appendVarchar(log.serviceName);
  to.appendVarchar(log.correlationId);
  to.appendVarchar(log.scopeName);
  to.appendVarchar(log.attributes);
  to.appendUBigInt(resourceId);
  to.endRow();
  return true;
}

export function appendPoint(to: DuckDBAppender, point: MetricPointRecord, seriesId: bigint): void {
  to.appendUBigInt(seriesId);
  to.appendUBigInt(toUint64(point.timeUnixNano));
  to.appendUBigInt(toUint64(point.startTimeUnixNano));
  to.appendDouble(point.value);
  to.appendDouble(point.count);
  to.appendDouble(point.sum);
  to.appendVarchar(point.bucketCounts);
  to.appendVarchar(point.detail);
  to.endRow();
}

export function appendSeries(to: DuckDBAppender, point: MetricPointRecord, seriesId: bigint, resourceId: bigint): void {
  to.appendUBigInt(seriesId);
  to.appendVarchar(point.name);
  to.appendVarchar(point.description);
  to.appendVarchar(point.unit);
  to.appendVarchar(point.type);
  to.appendVarchar(point.temporality);
  to.appendBoolean(point.monotonic);
  to.appendVarchar(point.serviceName);
  to.appendVarchar(point.scopeName);
  to.appendVarchar(point.attributes);
  to.appendUBigInt(resourceId);
  to.appendVarchar(point.explicitBounds);
  to.appendUBigInt(toUint64(point.timeUnixNano));
  to.endRow();
}

export function appendExemplar(to: DuckDBAppender, exemplar: ExemplarRecord, seriesId: bigint): void {
  to.appendUBigInt(seriesId);
  to.appendUBigInt(toUint64(exemplar.timeUnixNano));
  to.appendDouble(exemplar.value);
  to.appendUHugeInt(idFromHex(exemplar.traceId, 32) ?? 0n);
  to.appendUBigInt(idFromHex(exemplar.spanId, 16) ?? 0n);
  to.appendVarchar(exemplar.correlationId);
  to.endRow();
}
