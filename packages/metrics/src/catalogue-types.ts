/** What the catalogue says about a metric. Plain data: code, documentation, rules and dashboards are made from it or checked against it. */

export type MetricType = 'counter' | 'gauge' | 'histogram';

/**
 * Unit as Prometheus and OpenMetrics write it at the end of a name, or empty for a plain number.
 */
export type MetricUnit = 'seconds' | 'bytes' | '';

export interface LabelDefinition {
  readonly name: string;
  readonly description: string;
  /** Most distinct values that get series of their own; any further value is recorded as {@link OVERFLOW_LABEL_VALUE}. */
  readonly maxValues: number;
}

/** Values a metric takes; both bounds inclusive. A value outside is refused and counted, never recorded. */
export interface ValueRange {
  readonly min?: number;
  readonly max?: number;
}

/** Where a label's value is found on a span. */
export interface SpanLabelSource {
  /** Span attribute key (OpenTelemetry semantic conventions). */
  readonly attribute: string;
  /** The label's value when the span has no such attribute. */
  readonly absent: string;
}

/** Says which series of the metric a finished span has moved. */
export interface SpanMapping {
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  /** Attributes that such a span has. */
  readonly requires: readonly string[];
  /** Spans whose attribute has one of these values are not counted by this metric. */
  readonly excludes?: Readonly<Record<string, readonly string[]>>;
  /** One entry a label. */
  readonly labels: Readonly<Record<string, SpanLabelSource>>;
}

export interface MetricDefinition {
  /** Prometheus name: base unit and, for counters, `_total` at its end. */
  readonly name: string;
  readonly help: string;
  readonly type: MetricType;
  readonly unit: MetricUnit;
  readonly labels: readonly LabelDefinition[];
  /** Upper bounds of a histogram's buckets in the metric's unit, ascending, without +Inf. */
  readonly buckets?: readonly number[];
  readonly range: ValueRange;
  /** Most series of this metric in one process; past it everything new goes to one series with every label overflowed. */
  readonly maxSeries: number;
  /** Where the metric is documented. */
  readonly source: string;
  readonly span?: SpanMapping;
}

/** Label value of the series that takes what is past a label's bound. */
export const OVERFLOW_LABEL_VALUE = '__overflow__';
/** Label value of something that was not given (absent, empty, or no text at all). */
export const UNKNOWN_LABEL_VALUE = 'unknown';
/** Label values are cut to this many UTF-16 code units. */
export const LABEL_VALUE_MAX_LENGTH = 128;
/** `route` of a request that matched no route (corrections.md 1). */
export const UNMATCHED_ROUTE = 'unmatched';
/** `status_code` of a request whose client went away before the answer was sent (corrections.md 2). */
export const CLIENT_CLOSED_STATUS = 499;
