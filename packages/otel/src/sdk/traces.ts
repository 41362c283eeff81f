import { trace, TraceFlags } from '@opentelemetry/api';
import {
  JsonTraceSerializer,
  ProtobufTraceSerializer,
  TraceExporterMetricsHelper,
} from '@opentelemetry/otlp-transformer';
import type { Resource } from '@opentelemetry/resources';
import {
  ConsoleSpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
  type ReadableSpan,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace';
import type { Settings } from '../config/read.ts';
import { CorrelationSpanProcessor } from '../correlation/processors.ts';
import { BatchQueue } from '../export/batch-queue.ts';
import { withoutForeignSpans } from '../instrumentation/claimed-scopes.ts';
import { createOtlpExporter, type OtlpExporter } from '../export/otlp-exporter.ts';
import { otlpTarget } from '../export/otlp-target.ts';
import { encodeSpans } from '../export/span-encoder.ts';
import { createSpanOutputs } from '../export/span-outputs.ts';
import { setCapturedHeaders } from '../privacy/headers.ts';
import { PrivacySpanProcessor } from '../privacy/processor.ts';
import { createDropCounter } from './drops.ts';
import type { Pipeline, PipelineContext } from './pipeline.ts';
import { createSampler } from './sampler.ts';

/** Makes and registers the tracer provider. Without an exporter there is none: context passes through this process as it came. */
export function startTraces(context: PipelineContext, resource: Resource): Pipeline | undefined {
  const { settings } = context;
  const { exporters } = settings.traces;
  if (exporters.length === 0) return undefined;
  const otlp = exporters.includes('otlp') ? createOtlpPipeline(context) : undefined;
  setCapturedHeaders(settings.privacy);
  const outputs = createSpanOutputs(context);
  const provider = new TracerProvider({
    resource,
    sampler: createSampler(settings.traces),
    spanLimits: spanLimits(settings),
    spanProcessors: [
      new CorrelationSpanProcessor(),
      new PrivacySpanProcessor(settings.privacy),
      ...(otlp ? [otlp.processor] : []),
      ...outputs.processors,
      ...(exporters.includes('console') ? [new SimpleSpanProcessor({ exporter: new ConsoleSpanExporter() })] : []),
    ],
  });
  trace.setGlobalTracerProvider(withoutForeignSpans(provider));
  return {
    recorded: () => (otlp?.queue.added ?? 0) + outputs.recorded(),
    // Not through the provider, whose time limit keeps the process alive.
    flush: async () => void (await Promise.all([otlp?.queue.flush(), outputs.flush()])),
    shutdown: () => provider.shutdown(),
    setHurried: (hurried) => otlp?.exporter.setHurried(hurried),
    abandon: () => undefined,
    takePending: () => (otlp ? pendingOf(otlp.queue, otlp.exporter) : []),
  };
}

function createOtlpPipeline(context: PipelineContext) {
  const target = otlpTarget('traces', context.settings, context.reporter);
  const exporter = createOtlpExporter<ReadableSpan[], unknown>(
    target,
    {
      protobuf: () => ({ ...ProtobufTraceSerializer, serializeRequest: encodeSpans }),
      json: () => JsonTraceSerializer,
      helper: () => TraceExporterMetricsHelper,
      grpcService: 'opentelemetry.proto.collector.trace.v1.TraceService',
    },
    context.reachabilityOf(target.url),
  );
  const queue = new BatchQueue<ReadableSpan>({
    ...context.settings.spanBatch,
    exporter,
    onDrop: createDropCounter('span', context.reporter),
  });
  return { exporter, queue, processor: createProcessor(queue) };
}

/** Hands ended, sampled spans to the queue. */
function createProcessor(queue: BatchQueue<ReadableSpan>): SpanProcessor {
  return {
    onStart: () => undefined,
    onEnd(span) {
      if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0) queue.add(span);
    },
    forceFlush: () => queue.flush(),
    shutdown: () => queue.shutdown(),
  };
}

/** What waits in `queue` and what `exporter` has not got rid of. */
export function pendingOf<T>(queue: BatchQueue<T>, exporter: OtlpExporter<T[]>) {
  const items = queue.takeAll();
  return exporter.pendingRequests(items.length > 0 ? items : undefined);
}

function spanLimits({ limits, spanLimits: own }: Settings) {
  const valueLength = own.attributeValueLength ?? limits.attributeValueLength;
  return {
    ...(valueLength === undefined ? {} : { attributeValueLengthLimit: valueLength }),
    attributeCountLimit: own.attributeCount ?? limits.attributeCount,
    eventCountLimit: own.eventCount,
    linkCountLimit: own.linkCount,
    attributePerEventCountLimit: own.attributePerEventCount,
    attributePerLinkCountLimit: own.attributePerLinkCount,
  };
}
