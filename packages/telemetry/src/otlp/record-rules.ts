import type { LogRecord, SpanRecord } from '../model.ts';

/** Attributes that carry the correlation ID: `correlation.id` on spans, either on logs and exemplars. */
export const SPAN_CORRELATION_KEY = 'correlation.id';
export const LOG_CORRELATION_KEY = 'correlationId';
export const SERVICE_NAME_KEY = 'service.name';
/** OpenTelemetry's resource convention for a resource that does not name its service. */
export const UNKNOWN_SERVICE = 'unknown_service';

/** A store keeps times as signed 64-bit nanoseconds: this one is in the year 2262. */
export const MAX_TIME_UNIX_NANO = 2n ** 63n - 1n;
export const LATE = 'time after the year 2262';

/** Numbers outside a protobuf enum are allowed on the wire (it is open); the query model knows only these, so others count as unspecified. */
export function enumWithin(value: number, max: number): number {
  return Number.isInteger(value) && value >= 0 && value <= max ? value : 0;
}

/** OTLP IDs of zeros only are invalid and stand for none (opentelemetry-proto, `trace_id`). */
export function idOrNone(hex: string): string {
  return hex.startsWith('00') && /^0*$/.test(hex) ? '' : hex;
}

/** Why a span cannot be stored; undefined when it can. */
export function spanProblem(span: SpanRecord): string | undefined {
  if (span.traceId === '') return 'empty or all-zero trace_id';
  if (span.spanId === '') return 'empty or all-zero span_id';
  if (span.startTimeUnixNano > MAX_TIME_UNIX_NANO || span.endTimeUnixNano > MAX_TIME_UNIX_NANO) return LATE;
  return undefined;
}

/** Why a log record cannot be stored; undefined when it can. */
export function logProblem(log: LogRecord): string | undefined {
  if (log.timeUnixNano > MAX_TIME_UNIX_NANO || log.observedTimeUnixNano > MAX_TIME_UNIX_NANO) return LATE;
  return undefined;
}

/**
 * A record without an observed time was observed now; one without a time of its own counts from when it was observed
 * (logs data model, Timestamp and ObservedTimestamp).
 */
export function settleLogTimes(log: LogRecord): void {
  if (log.observedTimeUnixNano === 0n) log.observedTimeUnixNano = BigInt(Date.now()) * 1_000_000n;
  if (log.timeUnixNano === 0n) log.timeUnixNano = log.observedTimeUnixNano;
}

/** opentelemetry-proto, AggregationTemporality. */
export function temporalityOf(value: number): '' | 'delta' | 'cumulative' {
  if (value === 1) return 'delta';
  return value === 2 ? 'cumulative' : '';
}
