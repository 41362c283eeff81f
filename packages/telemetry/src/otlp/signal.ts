/** The three kinds of telemetry, by the last part of their OTLP/HTTP path. */
export type Signal = 'traces' | 'metrics' | 'logs';

/** How an OTLP message is written on the wire. */
export type OtlpEncoding = 'protobuf' | 'json';

/** What a request of each signal consists of: its message's name in opentelemetry-proto and what its records are called in sentences. */
export const signals: Record<Signal, { request: string; records: string; rejectedField: string }> = {
  traces: { request: 'ExportTraceServiceRequest', records: 'spans', rejectedField: 'rejectedSpans' },
  metrics: { request: 'ExportMetricsServiceRequest', records: 'data points', rejectedField: 'rejectedDataPoints' },
  logs: { request: 'ExportLogsServiceRequest', records: 'log records', rejectedField: 'rejectedLogRecords' },
};
