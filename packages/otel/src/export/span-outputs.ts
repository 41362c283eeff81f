import { TraceFlags } from '@opentelemetry/api';
import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';
import { createDropCounter } from '../sdk/drops.ts';
import type { PipelineContext } from '../sdk/pipeline.ts';
import type { BatchExporter } from './batch-queue.ts';
import type * as FileModule from './file-exporter.ts';
import type * as JaegerModule from './jaeger-exporter.ts';
import { createOutputs, type Outputs } from './outputs.ts';

/** What `file` and `jaeger` among the exporters of spans need; without them a processor less, and nothing is loaded. */
export interface SpanOutputs extends Outputs<ReadableSpan> {
  readonly processors: readonly SpanProcessor[];
}

/** The ways out of spans beside OTLP over the network and the console. */
export function createSpanOutputs({ settings, reporter }: PipelineContext): SpanOutputs {
  const exporters: BatchExporter<ReadableSpan>[] = [];
  if (settings.traces.exporters.includes('file')) {
    const { createFileExporter } = require('./file-exporter.js') as typeof FileModule;
    exporters.push(createFileExporter<ReadableSpan>('traces', settings.file, JsonTraceSerializer, reporter));
  }
  if (settings.traces.exporters.includes('jaeger')) {
    const { createJaegerExporter } = require('./jaeger-exporter.js') as typeof JaegerModule;
    exporters.push(...[createJaegerExporter(settings.jaeger, reporter)].filter((exporter) => exporter !== undefined));
  }
  const outputs = createOutputs(exporters, { ...settings.spanBatch, onDrop: createDropCounter('span', reporter) });
  return { ...outputs, processors: exporters.length === 0 ? [] : [processorOf(outputs)] };
}

function processorOf(outputs: Outputs<ReadableSpan>): SpanProcessor {
  return {
    onStart: () => undefined,
    onEnd(span) {
      if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0) outputs.add(span);
    },
    forceFlush: () => outputs.flush(),
    shutdown: () => outputs.shutdown(),
  };
}
