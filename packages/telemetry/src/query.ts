/**
 * The query model: what the CLI, the web UI and other programs ask, whatever engine holds the telemetry. Everything is
 * plain JSON. Times in queries are milliseconds since the Unix epoch; times in results are decimal strings of nanoseconds
 * (`…UnixNano`, as in OTLP/JSON) because they do not fit a JavaScript number, with durations as `durationMs`.
 */

export type Attributes = Record<string, unknown>;

export interface TimeRange {
  /** Inclusive, ms since epoch; default: no bound. */
  startMs?: number;
  /** Exclusive, ms since epoch; default: no bound. */
  endMs?: number;
}

export type SpanStatus = 'unset' | 'ok' | 'error';
export type SpanKind = 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer';
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

export interface ServiceSummary {
  name: string;
  /** Names of spans of kind server and consumer and of root spans, sorted. */
  operations: string[];
  spanCount: number;
}

export interface TraceQuery extends TimeRange {
  service?: string;
  /** Exact span name. */
  operation?: string;
  /** Duration of the matching span, milliseconds. */
  minDurationMs?: number;
  maxDurationMs?: number;
  status?: SpanStatus;
  /** All must match one span (its attributes, else its resource's); compared as text. */
  attributes?: Record<string, string>;
  correlationId?: string;
  /** 1 to 1000, default 20. Newest first. */
  limit?: number;
}

export interface TraceSummary {
  traceId: string;
  rootService: string;
  rootName: string;
  startTimeUnixNano: string;
  durationMs: number;
  spanCount: number;
  errorCount: number;
  services: string[];
  correlationId: string;
}

export interface Span {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  kind: SpanKind;
  serviceName: string;
  scopeName: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  durationMs: number;
  status: SpanStatus;
  statusMessage: string;
  correlationId: string;
  attributes: Attributes;
  resource: Attributes;
  events: { name: string; timeUnixNano: string; attributes: Attributes }[];
  links: { traceId: string; spanId: string; attributes: Attributes }[];
}

/** A whole trace; spans ordered by start time, of the same start parents before children. */
export interface Trace {
  traceId: string;
  startTimeUnixNano: string;
  durationMs: number;
  services: string[];
  spans: Span[];
  /** It has more spans than a backend gives (20,000): the latest are missing. */
  truncated: boolean;
}

export interface LogQuery extends TimeRange {
  /** Case-insensitive substring of the body. */
  text?: string;
  /** This level and above. */
  minLevel?: LogLevel;
  service?: string;
  traceId?: string;
  spanId?: string;
  correlationId?: string;
  /** Log attributes, all must match; compared as text. */
  fields?: Record<string, string>;
  /** 1 to 10000, default 100. */
  limit?: number;
  /** Default `desc` (newest first). */
  order?: 'asc' | 'desc';
}

export interface Log {
  timeUnixNano: string;
  level: LogLevel;
  severityText: string;
  body: string;
  serviceName: string;
  scopeName: string;
  traceId: string;
  spanId: string;
  correlationId: string;
  attributes: Attributes;
  resource: Attributes;
}

export interface MetricDescriptor {
  name: string;
  description: string;
  unit: string;
  type: 'gauge' | 'sum' | 'histogram' | 'exponential_histogram' | 'summary';
  monotonic: boolean;
  /** Attribute keys seen on its points, sorted. */
  labels: string[];
  services: string[];
  seriesCount: number;
}

/**
 * How points become lines:
 * - `last`: the last value in each step (gauge; cumulative value of a sum; mean of what a histogram observed in the step)
 * - `rate`: per second increase (sum, histogram: of its count), counter resets handled
 * - `increase`: the increase in each step. Of both, a step at either end of the data is extrapolated from its part that the
 *   points of all reporting processes cover, and left out when that is less than half
 * - `sum`, `avg`, `max`, `min`: over series of a group, of `last` values
 * - `quantile`: of a histogram, by linear interpolation in its buckets (as PromQL's histogram_quantile)
 */
export type MetricAggregation = 'last' | 'rate' | 'increase' | 'sum' | 'avg' | 'max' | 'min' | 'quantile';

export interface MetricQuery extends TimeRange {
  name: string;
  service?: string;
  /** Exact label values; all must match. */
  labels?: Record<string, string>;
  /** Labels to keep; series that differ in others are added up. `service` is a label too. Absent: every series by itself. Empty: one series. */
  groupBy?: string[];
  /** Default: `rate` for monotonic sums and histograms, else `last`. */
  aggregation?: MetricAggregation;
  /** 0 to 1, with aggregation `quantile`; default 0.95. */
  quantile?: number;
  /** Step in seconds, at least 1; default: range / 60 rounded up to at least 5. */
  stepSeconds?: number;
}

export interface MetricSeries {
  labels: Record<string, string>;
  /** [ms since epoch, value]; ascending. Steps without data are left out. */
  points: [number, number][];
}

export interface MetricQueryResult {
  name: string;
  unit: string;
  type: MetricDescriptor['type'];
  aggregation: MetricAggregation;
  series: MetricSeries[];
}

/** A series that the traced work moved, and how that is known. */
export interface CorrelatedMetric {
  name: string;
  serviceName: string;
  labels: Record<string, string>;
  /** `exemplar`: a stored exemplar carries the ID. `span`: a span's attributes map to the series' labels by the catalogue. */
  via: 'exemplar' | 'span';
  timeUnixNano: string;
  /** Observed value when via exemplar, else the last value of the series (histogram: its count). */
  value: number;
  traceId: string;
  spanId: string;
}

export type TimelineEntry =
  | { kind: 'span'; timeUnixNano: string; serviceName: string; summary: string; durationMs: number; span: Span }
  | { kind: 'log'; timeUnixNano: string; serviceName: string; summary: string; log: Log }
  | { kind: 'metric'; timeUnixNano: string; serviceName: string; summary: string; metric: CorrelatedMetric };

/** Everything known about one trace ID or correlation ID. Empty lists when nothing is. */
export interface Correlation {
  id: string;
  /** What the ID turned out to be; `none` when nothing was found. */
  idType: 'trace' | 'correlation' | 'span' | 'none';
  traceIds: string[];
  correlationIds: string[];
  spanCount: number;
  logCount: number;
  metricCount: number;
  /** Ordered by time; at the same time spans, parents before children, then logs, then metrics. */
  timeline: TimelineEntry[];
  /** There is more than a backend gives (20,000 spans, 10,000 logs, …). */
  truncated: boolean;
}

export interface StoreStatus {
  path: string;
  schemaVersion: number;
  sizeBytes: number;
  spans: number;
  logs: number;
  metricPoints: number;
  oldestUnixNano: string;
  newestUnixNano: string;
  /** Records dropped since start, by reason (`disk_full`, `queue_full`, `retention_size`, …). */
  dropped: Record<string, number>;
  /** Empty when all is well, else one sentence. */
  problem: string;
}

/** One engine that holds telemetry: the local DuckDB store, the HTTP API of a running `crmbet-otel up`, later Jaeger, Elasticsearch, Prometheus. */
export interface TelemetryBackend {
  services(range?: TimeRange): Promise<ServiceSummary[]>;
  findTraces(query: TraceQuery): Promise<TraceSummary[]>;
  /**
   * `undefined` when no span of that trace is stored.
   * @throws {TelemetryError} code `INVALID_QUERY` when it is no trace ID
   */
  getTrace(traceId: string): Promise<Trace | undefined>;
  findLogs(query: LogQuery): Promise<Log[]>;
  listMetrics(range?: TimeRange): Promise<MetricDescriptor[]>;
  /** @throws {TelemetryError} code `INVALID_QUERY` when the aggregation does not fit the metric's type, `NOT_FOUND` when no such metric is stored */
  queryMetric(query: MetricQuery): Promise<MetricQueryResult>;
  correlate(id: string): Promise<Correlation>;
  status(): Promise<StoreStatus>;
  close(): Promise<void>;
}
