export interface ContractMetricQuery {
  name: string;
  service?: string;
  labels?: Record<string, string>;
  groupBy?: string[];
  aggregation?: string;
  quantile?: number;
  stepSeconds?: number;
  startMs?: number;
  endMs?: number;
}

/**
 * What the contract suite needs of a backend and a writer: the shapes of @crmbet/telemetry, which cannot be imported here
 * because its own tests import this package. Results are checked by the suite's expectations.
 */
export interface ContractBackend {
  services(range?: object): Promise<unknown>;
  findTraces(query: object): Promise<{ traceId: string }[]>;
  getTrace(traceId: string): Promise<{ spans: { spanId: string; name: string }[] } | undefined>;
  findLogs(query: object): Promise<{ body: string }[]>;
  listMetrics(range?: object): Promise<{ name: string }[]>;
  queryMetric(
    query: ContractMetricQuery,
  ): Promise<{ series: { labels: Record<string, string>; points: [number, number][] }[] }>;
  correlate(
    id: string,
  ): Promise<{ traceIds: string[]; timeline: { kind: string; timeUnixNano: string; summary: string }[] }>;
  status(): Promise<{ problem: string }>;
  close(): Promise<void>;
}

export interface ContractSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  kind: number;
  startTimeUnixNano: bigint;
  endTimeUnixNano: bigint;
  statusCode: number;
  statusMessage: string;
  serviceName: string;
  correlationId: string;
  scopeName: string;
  attributes: string;
  resource: string;
  events: string;
  links: string;
}

export interface ContractLog {
  timeUnixNano: bigint;
  observedTimeUnixNano: bigint;
  severityNumber: number;
  severityText: string;
  body: string;
  traceId: string;
  spanId: string;
  serviceName: string;
  correlationId: string;
  scopeName: string;
  attributes: string;
  resource: string;
}

export interface ContractPoint {
  name: string;
  description: string;
  unit: string;
  type: 'gauge' | 'sum' | 'histogram' | 'exponential_histogram' | 'summary';
  temporality: '' | 'delta' | 'cumulative';
  monotonic: boolean;
  startTimeUnixNano: bigint;
  timeUnixNano: bigint;
  serviceName: string;
  scopeName: string;
  attributes: string;
  resource: string;
  value: number;
  count: number;
  sum: number;
  explicitBounds: string;
  bucketCounts: string;
  detail: string;
  exemplars: { timeUnixNano: bigint; value: number; traceId: string; spanId: string; correlationId: string }[];
}

export interface ContractBatch {
  spans: ContractSpan[];
  logs: ContractLog[];
  metricPoints: ContractPoint[];
}

export interface ContractWriter {
  write(batch: ContractBatch): Promise<unknown>;
}

/** A backend without data, and the way to put some into it. */
export interface BackendUnderTest {
  backend: ContractBackend;
  writer: ContractWriter;
  /** Ends what the factory started besides the backend, which the suite closes. */
  close?: () => Promise<void>;
}
