import { recorderOf } from './catalogue-names.ts';
import type { Recorder } from './catalogue-names.ts';
import type { MeasurementOrigin } from './exemplars.ts';
import { createHttpMiddleware } from './http-middleware.ts';
import type { HttpMiddleware } from './http-middleware.ts';
import { createHttpRecorder } from './http-metrics.ts';
import type { HttpRequestMeasurement, RecordHttpRequest } from './http-metrics.ts';
import { createMetricsHandler } from './metrics-handler.ts';
import type { MetricsHandler } from './metrics-handler.ts';
import { listenForScrapes } from './metrics-server.ts';
import type { MetricsServer, MetricsServerOptions } from './metrics-server.ts';
import { Registry } from './registry.ts';
import { render } from './render.ts';
import type { ExpositionFormat } from './render.ts';
import type { MetricSnapshot, MetricSource, SnapshotOptions } from './snapshot.ts';
import { processWarning } from './warnings.ts';
import type { Warn } from './warnings.ts';

export interface MetricsCollectorOptions {
  /** Process and runtime metrics; default true. */
  readonly defaultMetrics?: boolean;
  /** Keep exemplars of sampled traces; default true. */
  readonly exemplars?: boolean;
  /** Clock, milliseconds since the Unix epoch; default `Date.now`. */
  readonly now?: () => number;
  /** Where the package says what it refused or dropped; default a process warning. */
  readonly warn?: Warn;
}

/**
 * The documented metrics and their methods (crm-monitoring.md, Custom Metrics Implementation). No `track…` and no
 * `update…` method throws: a value that a metric cannot have is refused and counted. The optional last argument says
 * which sampled work the measurement belongs to where that is not what runs now.
 */
export class MetricsCollector {
  private readonly registry: Registry;
  private readonly recordHttp: RecordHttpRequest;
  private readonly connectionsActive: Recorder<'db_connections_active'>;
  private readonly connectionsMax: Recorder<'db_connections_max'>;
  private readonly queries: Recorder<'db_query_duration_seconds'>;
  private readonly hits: Recorder<'cache_hits_total'>;
  private readonly misses: Recorder<'cache_misses_total'>;
  private readonly registrations: Recorder<'user_registrations_total'>;
  private readonly transactions: Recorder<'transactions_total'>;
  private readonly amounts: Recorder<'transaction_amount'>;
  private readonly predictions: Recorder<'ml_predictions_total'>;
  private readonly predictionLatency: Recorder<'ml_prediction_latency_seconds'>;
  private readonly accuracy: Recorder<'ml_model_accuracy'>;

  constructor(registry: Registry) {
    this.registry = registry;
    this.recordHttp = createHttpRecorder(registry);
    this.connectionsActive = recorderOf(registry, 'db_connections_active');
    this.connectionsMax = recorderOf(registry, 'db_connections_max');
    this.queries = recorderOf(registry, 'db_query_duration_seconds');
    this.hits = recorderOf(registry, 'cache_hits_total');
    this.misses = recorderOf(registry, 'cache_misses_total');
    this.registrations = recorderOf(registry, 'user_registrations_total');
    this.transactions = recorderOf(registry, 'transactions_total');
    this.amounts = recorderOf(registry, 'transaction_amount');
    this.predictions = recorderOf(registry, 'ml_predictions_total');
    this.predictionLatency = recorderOf(registry, 'ml_prediction_latency_seconds');
    this.accuracy = recorderOf(registry, 'ml_model_accuracy');
  }

  /**
   * Middleware that counts HTTP requests by their full route template. Install it on the application, before its
   * routers. Requests that the preload counts already are left alone.
   */
  httpMetricsMiddleware(): HttpMiddleware {
    return createHttpMiddleware(this.recordHttp);
  }

  /** Counts one HTTP request; for whoever observes requests without the middleware (see `claimHttpRequest`). */
  recordHttpRequest(measurement: HttpRequestMeasurement): void {
    this.recordHttp(measurement);
  }

  /** Sets how many database connections are active, and how many may be. */
  trackDBConnection(activeConnections: number, maxConnections?: number): void {
    this.connectionsActive.record(activeConnections, undefined);
    if (maxConnections !== undefined) this.connectionsMax.record(maxConnections, undefined);
  }

  /** @param duration seconds */
  trackDBQuery(queryType: string, table: string, duration: number, origin?: MeasurementOrigin): void {
    this.queries.record(duration, origin, queryType, table);
  }

  trackCacheHit(layer: string, keyType: string, origin?: MeasurementOrigin): void {
    this.hits.record(1, origin, layer, keyType);
  }

  trackCacheMiss(layer: string, keyType: string, origin?: MeasurementOrigin): void {
    this.misses.record(1, origin, layer, keyType);
  }

  trackUserRegistration(country: string, source: string, origin?: MeasurementOrigin): void {
    this.registrations.record(1, origin, country, source);
  }

  /** Counts the transaction and observes its amount (in the currency's unit). A refused amount does not undo the count. */
  trackTransaction(type: string, status: string, amount: number, currency: string, origin?: MeasurementOrigin): void {
    this.transactions.record(1, origin, type, status);
    this.amounts.record(amount, origin, type, currency);
  }

  /** @param latency seconds */
  trackMLPrediction(modelType: string, predictionType: string, latency: number, origin?: MeasurementOrigin): void {
    this.predictions.record(1, origin, modelType, predictionType);
    this.predictionLatency.record(latency, origin, modelType);
  }

  /** @param accuracy 0 to 1 */
  updateMLModelAccuracy(modelType: string, version: string, accuracy: number, origin?: MeasurementOrigin): void {
    this.accuracy.record(accuracy, origin, modelType, version);
  }

  /** The page of /metrics: all metrics, those of the added sources too. */
  async getMetrics(format: ExpositionFormat = 'text'): Promise<string> {
    return render(await this.registry.gather(), format);
  }

  /** All metrics of this package at this moment, for OTLP; without those of the added sources. */
  snapshot(options?: SnapshotOptions): MetricSnapshot[] {
    return this.registry.snapshot(options);
  }

  /** Shows metrics of someone else on /metrics until the returned function is called. */
  addMetricSource(source: MetricSource): () => void {
    return this.registry.addSource(source);
  }

  /** Turns exemplars on or off from here on. */
  setExemplars(enabled: boolean): void {
    this.registry.exemplars.enabled = enabled;
  }

  /** A handler for `app.get('/metrics', …)` and for a plain `http` server. */
  metricsHandler(): MetricsHandler {
    return createMetricsHandler(this.registry);
  }

  /**
   * Serves /metrics on a port of its own.
   * @throws {MetricsError} `PORT_IN_USE` or `LISTEN_FAILED`
   */
  startMetricsServer(options?: MetricsServerOptions): Promise<MetricsServer> {
    return listenForScrapes(this.metricsHandler(), options);
  }

  /** Stops the observation of the runtime; recording and reading go on working. */
  close(): void {
    this.registry.close();
  }
}

/** A collector with a registry of its own, for tests and for processes that serve several; see {@link metricsCollector}. */
export function createMetricsCollector(options: MetricsCollectorOptions = {}): MetricsCollector {
  const { defaultMetrics = true, exemplars = true, now = Date.now, warn = processWarning } = options;
  return new MetricsCollector(new Registry({ defaultMetrics, exemplars, now, warn }));
}
