/**
 * The records that the receiver hands to a store: one plain object a span, log record or metric data point, with the
 * fields that are searched pulled out of the OTLP message and the rest kept as JSON text. Field names follow the
 * OTLP protocol (opentelemetry-proto v1) in camelCase. Times are unsigned nanoseconds since the Unix epoch.
 */

/** JSON text of an object; attribute values as OTLP `AnyValue`s mapped to JSON (int64 outside 2^53 and bytes become strings, bytes base64). */
export type JsonText = string;

export interface SpanRecord {
  /** 32 lower-case hexadecimal digits. */
  traceId: string;
  /** 16 lower-case hexadecimal digits. */
  spanId: string;
  /** Empty for a root span. */
  parentSpanId: string;
  name: string;
  /** OTLP SpanKind: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number;
  startTimeUnixNano: bigint;
  endTimeUnixNano: bigint;
  /** OTLP StatusCode: 0 unset, 1 ok, 2 error. */
  statusCode: number;
  statusMessage: string;
  /** `service.name` of the resource; `unknown_service` when absent. */
  serviceName: string;
  /** Span attribute `correlation.id`; empty when absent. */
  correlationId: string;
  scopeName: string;
  attributes: JsonText;
  resource: JsonText;
  /** JSON array of `{name, timeUnixNano, attributes}`; `[]` when there are none. */
  events: JsonText;
  /** JSON array of `{traceId, spanId, attributes}`; `[]` when there are none. */
  links: JsonText;
}

export interface LogRecord {
  timeUnixNano: bigint;
  observedTimeUnixNano: bigint;
  /** OTLP SeverityNumber, 0 (unspecified) to 24. */
  severityNumber: number;
  severityText: string;
  /** The body when it is a string, else its JSON. */
  body: string;
  /** Empty when the record belongs to no trace. */
  traceId: string;
  spanId: string;
  serviceName: string;
  /** Log attribute `correlationId` (or `correlation.id`); empty when absent. */
  correlationId: string;
  scopeName: string;
  attributes: JsonText;
  resource: JsonText;
}

/** One data point of one metric. */
export interface MetricPointRecord {
  name: string;
  description: string;
  unit: string;
  type: 'gauge' | 'sum' | 'histogram' | 'exponential_histogram' | 'summary';
  /** `delta` or `cumulative` for sum and histograms, else empty. */
  temporality: '' | 'delta' | 'cumulative';
  monotonic: boolean;
  startTimeUnixNano: bigint;
  timeUnixNano: bigint;
  serviceName: string;
  scopeName: string;
  /** Data point attributes with keys sorted, so that equal series have equal text. */
  attributes: JsonText;
  resource: JsonText;
  /** Value of a gauge or sum point; 0 otherwise. */
  value: number;
  /** Observations of a histogram or summary point; 0 otherwise. */
  count: number;
  sum: number;
  /** Histogram: upper bounds of the explicit buckets, JSON array, ascending, without +Inf. `[]` otherwise. */
  explicitBounds: JsonText;
  /** Histogram: observations per bucket (not cumulative), one more than bounds. `[]` otherwise. */
  bucketCounts: JsonText;
  /** Summary quantiles `[{quantile, value}]`, exponential histogram `{scale, zeroCount, positive:{offset,counts}, negative:{offset,counts}}`, else `{}`. */
  detail: JsonText;
  /** Exemplars of this point. */
  exemplars: ExemplarRecord[];
}

export interface ExemplarRecord {
  timeUnixNano: bigint;
  value: number;
  traceId: string;
  spanId: string;
  /** Filtered attribute `correlation.id` (or `correlationId`); empty when absent. */
  correlationId: string;
}

/** What one export request decodes to. Only the list of its signal is filled. */
export interface TelemetryBatch {
  spans: SpanRecord[];
  logs: LogRecord[];
  metricPoints: MetricPointRecord[];
}

/** What a store did with a batch; the receiver turns `rejected` into the protocol's partial success. */
export interface WriteResult {
  accepted: number;
  rejected: number;
  /** Why records were rejected; empty when none were. */
  message: string;
}

/** The receiving end of the pipeline. */
export interface TelemetryWriter {
  /**
   * Resolves when the batch is durable (committed: it survives SIGKILL), so that an acknowledgement on the wire is a promise.
   * Concurrent calls are committed together.
   * @throws {TelemetryError} code `STORE_OVERLOADED` (bounded queue full: the client should retry, HTTP 503 / UNAVAILABLE with Retry-After)
   * or `STORE_FULL` (disk full or size limit: nothing is written, the drop is counted)
   */
  write(batch: TelemetryBatch): Promise<WriteResult>;
}
