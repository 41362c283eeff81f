import { metrics } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import {
  ConsoleMetricExporter,
  MeterProvider,
  MetricReader,
  PeriodicExportingMetricReader,
  type CollectionResult,
} from '@opentelemetry/sdk-metrics';
import { addMetricSource, startMetricsServer } from '@crmbet/metrics';
import { withoutForeignMetrics } from '../instrumentation/claimed-scopes.ts';
import { ignoreServerPort } from '../instrumentation/ignored-ports.ts';
import { createDocumentedProducer, documentedScope } from '../metrics/documented.ts';
import { createOtlpMetricExporter, readerLimitMs } from '../metrics/otlp-metric-exporter.ts';
import { createPageSource } from '../metrics/page-source.ts';
import type { Pipeline, PipelineContext } from './pipeline.ts';

/** A reader that is only asked: for `/metrics` when no other reader can be asked without harm. */
class PageReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}

  protected override async onShutdown(): Promise<void> {}
}

/**
 * Makes and registers the meter provider. Its metrics go where the settings say, together with the documented ones of
 * @crmbet/metrics, and are shown on `/metrics`. Without an exporter there is none; `/metrics` then has the documented ones.
 */
export function startMetrics(context: PipelineContext, resource: Resource): Pipeline | undefined {
  const { exporters, cardinalityLimit } = context.settings.metrics;
  if (exporters.length === 0) return undefined;
  const otlp = exporters.includes('otlp') ? createOtlpReader(context) : undefined;
  const page = otlp?.collectForPage ? undefined : new PageReader({ cardinalitySelector: () => cardinalityLimit });
  const provider = new MeterProvider({
    resource,
    readers: [
      ...(otlp ? [otlp.reader] : []),
      ...(page ? [page] : []),
      ...(exporters.includes('console') ? [createConsoleReader(context)] : []),
    ],
  });
  metrics.setGlobalMeterProvider(withoutForeignMetrics(provider));
  const collect = otlp?.collectForPage ?? (() => (page as PageReader).collect());
  const removeSource = addMetricSource(createPageSource(collect));
  const closePage = exporters.includes('prometheus') ? openPage(context) : undefined;
  return {
    recorded: () => 0,
    flush: () => provider.forceFlush().catch(() => undefined),
    async shutdown() {
      removeSource();
      await Promise.all([provider.shutdown(), closePage?.()]);
    },
    setHurried: (hurried) => otlp?.exporter.setHurried(hurried),
    abandon: () => otlp?.abandon(),
    takePending() {
      // The SDK's own metrics can only be collected asynchronously.
      return otlp?.exporter.pendingRequests({ resource, scopeMetrics: [documentedScope('take')] }) ?? [];
    },
  };
}

function createOtlpReader(context: PipelineContext) {
  const { exporter, otlp, abandon } = createOtlpMetricExporter(context);
  const producer = createDocumentedProducer('take');
  const reader = new PeriodicExportingMetricReader({
    ...readerOptions(context),
    exporter,
    metricProducers: [producer],
  });
  const isCumulative = context.settings.otlpMetrics.temporality === 'cumulative';
  // Cumulative values can be read twice: then one reader does for both, and each measurement is stored once.
  const collectForPage = isCumulative
    ? (): Promise<CollectionResult> => producer.without(() => reader.collect())
    : undefined;
  return { reader, exporter: otlp, abandon, collectForPage };
}

function createConsoleReader(context: PipelineContext): PeriodicExportingMetricReader {
  return new PeriodicExportingMetricReader({
    ...readerOptions(context),
    exporter: new ConsoleMetricExporter(),
    metricProducers: [createDocumentedProducer('peek')],
  });
}

function readerOptions({ settings }: PipelineContext) {
  const { exportIntervalMs, cardinalityLimit } = settings.metrics;
  return {
    exportIntervalMillis: exportIntervalMs,
    exportTimeoutMillis: readerLimitMs(settings),
    cardinalityLimits: { default: cardinalityLimit },
  };
}

/** Opens the page for Prometheus; returns what closes it. A port in use is one line. */
function openPage({ settings, reporter }: PipelineContext): () => Promise<void> {
  const opened = startMetricsServer(settings.prometheus).then(
    (server) => {
      ignoreServerPort(server.port);
      return server;
    },
    (error: unknown) => reporter.say((error as Error).message),
  );
  return async () => (await opened)?.close();
}
