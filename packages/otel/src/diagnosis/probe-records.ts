import { context, ROOT_CONTEXT, SeverityNumber, SpanKind, trace } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider, type ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { MeterProvider, MetricReader, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { AlwaysOnSampler, TracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace';

const scope = '@crmbet/otel/doctor';
const resource = resourceFromAttributes({ 'service.name': 'crmbet-otel-doctor' });

/** Name of the metric that is sent as a test. */
export const PROBE_METRIC = 'crmbet.otel.doctor';

/** One span, whatever the sampler of the settings. */
export function makeSpan(): ReadableSpan {
  const ended: ReadableSpan[] = [];
  const provider = new TracerProvider({
    resource,
    sampler: new AlwaysOnSampler(),
    spanProcessors: [
      {
        onStart: () => undefined,
        onEnd: (span) => void ended.push(span),
        forceFlush: async () => undefined,
        shutdown: async () => undefined,
      },
    ],
  });
  provider.getTracer(scope).startSpan('crmbet-otel doctor', { kind: SpanKind.INTERNAL }, ROOT_CONTEXT).end();
  return ended[0] as ReadableSpan;
}

/** One log record of that span. */
export function makeLog(span: ReadableSpan): ReadableLogRecord {
  const emitted: ReadableLogRecord[] = [];
  const provider = new LoggerProvider({
    resource,
    processors: [
      {
        onEmit: (record) => void emitted.push(record),
        forceFlush: async () => undefined,
        shutdown: async () => undefined,
      },
    ],
  });
  const logger = provider.getLogger(scope);
  logger.emit({
    severityNumber: SeverityNumber.INFO,
    severityText: 'INFO',
    body: 'a test by crmbet-otel doctor',
    context: trace.setSpanContext(context.active(), span.spanContext()),
  });
  return emitted[0] as ReadableLogRecord;
}

class AskedReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}

  protected override async onShutdown(): Promise<void> {}
}

/** One counter with one point, whose label `probe` is the span's trace ID. */
export async function makeMetrics(span: ReadableSpan): Promise<ResourceMetrics> {
  const reader = new AskedReader();
  const provider = new MeterProvider({ resource, readers: [reader] });
  provider
    .getMeter(scope)
    .createCounter(PROBE_METRIC, { unit: '{test}' })
    .add(1, { probe: span.spanContext().traceId });
  return (await reader.collect()).resourceMetrics;
}
