import { SeverityNumber, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { AggregationType, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { expect, test } from 'vitest';
import { decodeOtlp } from './decode.ts';
import { SPAN_ID, TRACE_ID } from './messages.test.helper.ts';

const resource = resourceFromAttributes({ 'service.name': 'orders', 'host.cpus': 2 });

test('spans by the official serializers become the same records', async () => {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ resource, spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const span = provider.getTracer('tests').startSpan('GET /ünï', {
    kind: SpanKind.CLIENT,
    attributes: { text: 'a"b', number: 1.5, integer: -3, yes: true, list: ['x', 'y'], 'correlation.id': 'req-1' },
    links: [{ context: { traceId: TRACE_ID, spanId: SPAN_ID, traceFlags: TraceFlags.SAMPLED } }],
  });
  span.addEvent('retry', { attempt: 2 });
  span.setStatus({ code: SpanStatusCode.ERROR, message: 'no stock' });
  span.end();
  const spans = exporter.getFinishedSpans();
  const wire = decodeOtlp('traces', 'protobuf', ProtobufTraceSerializer.serializeRequest(spans) ?? Buffer.alloc(0));
  const json = decodeOtlp('traces', 'json', JsonTraceSerializer.serializeRequest(spans) ?? Buffer.alloc(0));
  expect(wire.batch.spans).toMatchObject([
    {
      traceId: span.spanContext().traceId,
      spanId: span.spanContext().spanId,
      name: 'GET /ünï',
      kind: 3,
      statusCode: 2,
      statusMessage: 'no stock',
      serviceName: 'orders',
      correlationId: 'req-1',
      resource: '{"service.name":"orders","host.cpus":2}',
      attributes: '{"text":"a\\"b","number":1.5,"integer":-3,"yes":true,"list":["x","y"],"correlation.id":"req-1"}',
      links: `[{"traceId":"${TRACE_ID}","spanId":"${SPAN_ID}","attributes":{}}]`,
    },
  ]);
  expect(json).toEqual(wire);
  await provider.shutdown();
});

test('log records by the official serializers become the same records', async () => {
  const exporter = new InMemoryLogRecordExporter();
  const provider = new LoggerProvider({ resource, processors: [new SimpleLogRecordProcessor({ exporter })] });
  const logger = provider.getLogger('tests');
  logger.emit({ severityNumber: SeverityNumber.ERROR, severityText: 'error', body: { a: [1, null] } });
  logger.emit({ body: 'plain', attributes: { correlationId: 'req-1', deep: { k: ['v'] } } });
  const logs = exporter.getFinishedLogRecords();
  const wire = decodeOtlp('logs', 'protobuf', ProtobufLogsSerializer.serializeRequest(logs) ?? Buffer.alloc(0));
  const json = decodeOtlp('logs', 'json', JsonLogsSerializer.serializeRequest(logs) ?? Buffer.alloc(0));
  expect(wire.batch.logs).toMatchObject([
    { severityNumber: 17, severityText: 'error', body: '{"a":[1,null]}', correlationId: '' },
    { body: 'plain', correlationId: 'req-1', attributes: '{"correlationId":"req-1","deep":{"k":["v"]}}' },
  ]);
  expect(json).toEqual(wire);
  await provider.shutdown();
});

class ManualReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

async function collect(): Promise<ResourceMetrics> {
  const reader = new ManualReader();
  const views = [{ instrumentName: 'size', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } as const }];
  const provider = new MeterProvider({ resource, readers: [reader], views });
  const meter = provider.getMeter('tests');
  meter.createCounter('sold', { unit: '{item}' }).add(3, { shop: 'a', 'a.b': 'c' });
  meter.createUpDownCounter('queue').add(-2);
  meter.createGauge('level').record(-1.5);
  const took = meter.createHistogram('took', { advice: { explicitBucketBoundaries: [1, 2] } });
  for (const value of [0.5, 1.5, 9]) took.record(value);
  for (const value of [-1, 0, 4, 4.1]) meter.createHistogram('size').record(value);
  const { resourceMetrics } = await reader.collect();
  return resourceMetrics;
}

test('metrics by the official serializers become the same records', async () => {
  const metrics = await collect();
  const wire = decodeOtlp(
    'metrics',
    'protobuf',
    ProtobufMetricsSerializer.serializeRequest(metrics) ?? Buffer.alloc(0),
  );
  const json = decodeOtlp('metrics', 'json', JsonMetricsSerializer.serializeRequest(metrics) ?? Buffer.alloc(0));
  const points = wire.batch.metricPoints.toSorted((a, b) => a.name.localeCompare(b.name));
  expect(points).toMatchObject([
    { name: 'level', type: 'gauge', value: -1.5 },
    { name: 'queue', type: 'sum', monotonic: false, value: -2 },
    { name: 'size', type: 'exponential_histogram', detail: expect.stringContaining('"zeroCount":1') },
    { name: 'sold', unit: '{item}', type: 'sum', monotonic: true, temporality: 'cumulative', value: 3 },
    { name: 'took', type: 'histogram', count: 3, sum: 11, explicitBounds: '[1,2]', bucketCounts: '[1,1,1]' },
  ]);
  expect(points[3]?.attributes).toBe('{"a.b":"c","shop":"a"}');
  expect(json).toEqual(wire);
});
