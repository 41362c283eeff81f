export { catalogue } from './catalogue.ts';
export type { CatalogueEntry, DocumentedMetricName } from './catalogue.ts';
export type { LabelValues } from './catalogue-names.ts';
export {
  CLIENT_CLOSED_STATUS,
  LABEL_VALUE_MAX_LENGTH,
  OVERFLOW_LABEL_VALUE,
  UNKNOWN_LABEL_VALUE,
  UNMATCHED_ROUTE,
} from './catalogue-types.ts';
export type {
  LabelDefinition,
  MetricDefinition,
  MetricType,
  MetricUnit,
  SpanLabelSource,
  SpanMapping,
  ValueRange,
} from './catalogue-types.ts';
export { createMetricsCollector, MetricsCollector } from './collector.ts';
export type { MetricsCollectorOptions } from './collector.ts';
export { diagnosticsCatalogue } from './diagnostics-catalogue.ts';
export { MetricsError } from './errors.ts';
export type { MetricsErrorCode } from './errors.ts';
export type { MeasurementOrigin } from './exemplars.ts';
export type { HttpMiddleware } from './http-middleware.ts';
export { claimHttpRequest, knownHttpMethod } from './http-metrics.ts';
export type { HttpRequestMeasurement } from './http-metrics.ts';
export type { MetricsHandler } from './metrics-handler.ts';
export { DEFAULT_METRICS_PORT } from './metrics-server.ts';
export type { MetricsServer, MetricsServerOptions } from './metrics-server.ts';
export type { ExpositionFormat } from './render.ts';
export {
  addMetricSource,
  metricsCollector,
  metricsHandler,
  recordHttpRequest,
  snapshot,
  startMetricsServer,
} from './singleton.ts';
export { MAX_RECENT_EXEMPLARS } from './snapshot.ts';
export type {
  CounterSnapshot,
  Exemplar,
  GaugeSnapshot,
  HistogramSeries,
  HistogramSnapshot,
  MetricSnapshot,
  MetricSource,
  NumberSeries,
  SeriesBase,
  SnapshotOptions,
} from './snapshot.ts';
