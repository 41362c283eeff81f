import { MetricsCollector } from './collector.ts';
import type { HttpRequestMeasurement } from './http-metrics.ts';
import type { MetricsHandler } from './metrics-handler.ts';
import type { MetricsServer, MetricsServerOptions } from './metrics-server.ts';
import { sharedRegistry } from './shared-registry.ts';
import type { MetricSnapshot, MetricSource, SnapshotOptions } from './snapshot.ts';

/** The collector of this process; all copies of this package record into one registry. */
export const metricsCollector = new MetricsCollector(sharedRegistry());

/** {@link MetricsCollector.recordHttpRequest} of {@link metricsCollector}. */
export function recordHttpRequest(measurement: HttpRequestMeasurement): void {
  metricsCollector.recordHttpRequest(measurement);
}

/** {@link MetricsCollector.snapshot} of {@link metricsCollector}. */
export function snapshot(options?: SnapshotOptions): MetricSnapshot[] {
  return metricsCollector.snapshot(options);
}

/** {@link MetricsCollector.addMetricSource} of {@link metricsCollector}. */
export function addMetricSource(source: MetricSource): () => void {
  return metricsCollector.addMetricSource(source);
}

/** {@link MetricsCollector.metricsHandler} of {@link metricsCollector}. */
export function metricsHandler(): MetricsHandler {
  return metricsCollector.metricsHandler();
}

/**
 * {@link MetricsCollector.startMetricsServer} of {@link metricsCollector}.
 * @throws {MetricsError} `PORT_IN_USE` or `LISTEN_FAILED`
 */
export function startMetricsServer(options?: MetricsServerOptions): Promise<MetricsServer> {
  return metricsCollector.startMetricsServer(options);
}
