/** The decoded OTLP messages as `protobufjs` hands them over: longs as decimal strings, bytes as Uint8Array, unset fields absent. */

export interface AnyValue {
  stringValue?: string;
  boolValue?: boolean;
  intValue?: string;
  doubleValue?: number;
  arrayValue?: { values?: AnyValue[] };
  kvlistValue?: { values?: KeyValue[] };
  bytesValue?: Uint8Array;
}
export interface KeyValue {
  key?: string;
  value?: AnyValue;
}
export interface Scope {
  name?: string;
  version?: string;
}
interface Resource {
  attributes?: KeyValue[];
}
export interface SpanMessage {
  traceId?: Uint8Array;
  spanId?: Uint8Array;
  parentSpanId?: Uint8Array;
  traceState?: string;
  name?: string;
  kind?: number;
  startTimeUnixNano?: string;
  endTimeUnixNano?: string;
  attributes?: KeyValue[];
  droppedAttributesCount?: number;
  events?: { timeUnixNano?: string; name?: string; attributes?: KeyValue[] }[];
  links?: { traceId?: Uint8Array; spanId?: Uint8Array; attributes?: KeyValue[] }[];
  status?: { message?: string; code?: number };
}
export interface LogMessage {
  timeUnixNano?: string;
  observedTimeUnixNano?: string;
  severityNumber?: number;
  severityText?: string;
  eventName?: string;
  body?: AnyValue;
  attributes?: KeyValue[];
  traceId?: Uint8Array;
  spanId?: Uint8Array;
}
export interface ExemplarMessage {
  timeUnixNano?: string;
  asDouble?: number;
  asInt?: string;
  traceId?: Uint8Array;
  spanId?: Uint8Array;
  filteredAttributes?: KeyValue[];
}
interface Buckets {
  offset?: number;
  bucketCounts?: string[];
}
/** Every field that a data point of any type can have. */
export interface PointMessage {
  startTimeUnixNano?: string;
  timeUnixNano?: string;
  attributes?: KeyValue[];
  asDouble?: number;
  asInt?: string;
  count?: string;
  sum?: number;
  min?: number;
  max?: number;
  bucketCounts?: string[];
  explicitBounds?: number[];
  scale?: number;
  zeroCount?: string;
  zeroThreshold?: number;
  positive?: Buckets;
  negative?: Buckets;
  quantileValues?: { quantile?: number; value?: number }[];
  exemplars?: ExemplarMessage[];
}
export interface MetricData {
  dataPoints?: PointMessage[];
  aggregationTemporality?: number;
  isMonotonic?: boolean;
}
export interface MetricMessage {
  name?: string;
  description?: string;
  unit?: string;
  gauge?: MetricData;
  sum?: MetricData;
  histogram?: MetricData;
  exponentialHistogram?: MetricData;
  summary?: MetricData;
}
export interface ExportRequest {
  resourceSpans?: { resource?: Resource; scopeSpans?: { scope?: Scope; spans?: SpanMessage[] }[] }[];
  resourceLogs?: { resource?: Resource; scopeLogs?: { scope?: Scope; logRecords?: LogMessage[] }[] }[];
  resourceMetrics?: { resource?: Resource; scopeMetrics?: { scope?: Scope; metrics?: MetricMessage[] }[] }[];
}
