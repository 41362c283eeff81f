import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { ExportResultCode, suppressTracing } from '@opentelemetry/core';
import { MetricsExporterMetricsHelper, type IExportMetricsServiceResponse } from '@opentelemetry/otlp-transformer';
import {
  AggregationTemporality,
  AggregationType,
  InstrumentType,
  type AggregationOption,
  type PushMetricExporter,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import type { Settings } from '../config/read.ts';
import { createOtlpExporter, type OtlpExporter } from '../export/otlp-exporter.ts';
import { otlpTarget } from '../export/otlp-target.ts';
import type { PipelineContext } from '../sdk/pipeline.ts';
import { jsonWithExemplars, protobufWithExemplars } from './serializers.ts';

type Temporality = Settings['otlpMetrics']['temporality'];

/** The OTLP exporter of metrics as the SDK wants it, and its other face for the lifecycle. */
export function createOtlpMetricExporter(pipeline: PipelineContext): {
  exporter: PushMetricExporter;
  otlp: OtlpExporter<ResourceMetrics>;
  /** Tells the reader of all exports under way that they are over: its time limits keep the process alive. */
  abandon(): void;
} {
  const { settings } = pipeline;
  const target = otlpTarget('metrics', settings, pipeline.reporter);
  const otlp = createOtlpExporter<ResourceMetrics, IExportMetricsServiceResponse>(
    target,
    {
      protobuf: () => protobufWithExemplars,
      json: () => jsonWithExemplars,
      helper: () => MetricsExporterMetricsHelper,
      grpcService: 'opentelemetry.proto.collector.metrics.v1.MetricsService',
    },
    pipeline.reachabilityOf(target.url),
  );
  const underWay = new Set<() => void>();
  const exporter: PushMetricExporter = {
    export(metrics, done) {
      // What failed has been said and counted by the exporter; the reader would say it once more.
      const finish = () => {
        clearTimeout(timer);
        if (underWay.delete(finish)) done({ code: ExportResultCode.SUCCESS });
      };
      // Nor is it for the reader to say that an interval was too short: the exporter has a time limit of its own.
      const timer = setTimeout(finish, Math.max(1, readerLimitMs(settings) - 1)).unref();
      underWay.add(finish);
      context.with(suppressTracing(ROOT_CONTEXT), () => otlp.export(metrics, finish));
    },
    // An export under way is waited for by the reader.
    forceFlush: async () => undefined,
    shutdown: () => otlp.shutdown(),
    selectAggregationTemporality: (type) => temporalityOf(settings.otlpMetrics.temporality, type),
    selectAggregation: (type) => aggregationOf(settings.otlpMetrics.histogramAggregation, type),
  };
  const abandon = () => {
    for (const finish of underWay) finish();
  };
  return { exporter, otlp, abandon };
}

/** How long the reader waits for an export, milliseconds; it refuses a limit that is longer than its interval. */
export function readerLimitMs({ metrics }: Settings): number {
  return Math.min(metrics.exportTimeoutMs, metrics.exportIntervalMs);
}

/** "OTLP Exporter", "Additional Environment Variable Configuration". */
function temporalityOf(preference: Temporality, type: InstrumentType): AggregationTemporality {
  const deltas: Record<Temporality, readonly InstrumentType[]> = {
    cumulative: [],
    delta: [InstrumentType.COUNTER, InstrumentType.OBSERVABLE_COUNTER, InstrumentType.HISTOGRAM],
    lowmemory: [InstrumentType.COUNTER, InstrumentType.HISTOGRAM],
  };
  return deltas[preference].includes(type) ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE;
}

function aggregationOf(
  histograms: Settings['otlpMetrics']['histogramAggregation'],
  type: InstrumentType,
): AggregationOption {
  const isExponential = type === InstrumentType.HISTOGRAM && histograms === 'base2_exponential_bucket_histogram';
  return { type: isExponential ? AggregationType.EXPONENTIAL_HISTOGRAM : AggregationType.DEFAULT };
}
