import type { LogRecordExporter } from '@opentelemetry/sdk-logs';
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import { ROOT_CONTEXT, SeverityNumber, trace } from '@opentelemetry/api';
import { OTLPLogExporter as GrpcLogs } from '@opentelemetry/exporter-logs-otlp-grpc';
import { OTLPLogExporter as JsonLogs } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtoLogs } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter as GrpcMetrics } from '@opentelemetry/exporter-metrics-otlp-grpc';
import { OTLPMetricExporter as JsonMetrics } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtoMetrics } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter as GrpcTraces } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as JsonTraces } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtoTraces } from '@opentelemetry/exporter-trace-otlp-proto';
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { expect, test } from 'vitest';
import { TelemetryError } from '../errors.ts';
import { startGrpcReceiver } from './grpc-receiver.ts';
import { startHttpReceiver } from './http-receiver.ts';
import { MemoryWriter } from './memory-writer.test.helper.ts';

const resource = resourceFromAttributes({ 'service.name': 'orders' });

interface Exporters {
  spans: SpanExporter;
  logs: LogRecordExporter;
  metrics: PushMetricExporter;
}

const protocols: [string, typeof startHttpReceiver, (port: number) => Exporters][] = [
  [
    'http/protobuf',
    startHttpReceiver,
    (port) => ({
      spans: new ProtoTraces({ url: `http://127.0.0.1:${port}/v1/traces` }),
      logs: new ProtoLogs({ url: `http://127.0.0.1:${port}/v1/logs`, compression: CompressionAlgorithm.GZIP }),
      metrics: new ProtoMetrics({ url: `http://127.0.0.1:${port}/v1/metrics` }),
    }),
  ],
  [
    'http/json',
    startHttpReceiver,
    (port) => ({
      spans: new JsonTraces({ url: `http://127.0.0.1:${port}/v1/traces`, compression: CompressionAlgorithm.GZIP }),
      logs: new JsonLogs({ url: `http://127.0.0.1:${port}/v1/logs` }),
      metrics: new JsonMetrics({ url: `http://127.0.0.1:${port}/v1/metrics` }),
    }),
  ],
  [
    'grpc',
    startGrpcReceiver,
    (port) => ({
      spans: new GrpcTraces({ url: `http://127.0.0.1:${port}` }),
      logs: new GrpcLogs({ url: `http://127.0.0.1:${port}`, compression: CompressionAlgorithm.GZIP }),
      metrics: new GrpcMetrics({ url: `http://127.0.0.1:${port}` }),
    }),
  ],
];

test.each(protocols)("the SDK's exporters over %s", async (_, startReceiver, createExporters) => {
  const writer = new MemoryWriter();
  const receiver = await startReceiver({ host: '127.0.0.1', port: 0, writer });
  const exporters = createExporters(receiver.port);

  const tracing = new TracerProvider({
    resource,
    spanProcessors: [new SimpleSpanProcessor({ exporter: exporters.spans })],
  });
  const span = tracing.getTracer('tests').startSpan('GET /', { attributes: { 'correlation.id': 'req-1' } });
  span.end();
  await tracing.shutdown();
  const logging = new LoggerProvider({
    resource,
    processors: [new SimpleLogRecordProcessor({ exporter: exporters.logs })],
  });
  const context = trace.setSpanContext(ROOT_CONTEXT, span.spanContext());
  logging.getLogger('tests').emit({ severityNumber: SeverityNumber.WARN, body: 'hello', context });
  await logging.shutdown();
  const reader = new PeriodicExportingMetricReader({ exporter: exporters.metrics, exportIntervalMillis: 3_600_000 });
  const metering = new MeterProvider({ resource, readers: [reader] });
  metering.getMeter('tests').createCounter('sold').add(3, { shop: 'a' });
  await metering.shutdown();

  const { traceId, spanId } = span.spanContext();
  expect(writer.records).toMatchObject({
    spans: [{ traceId, spanId, name: 'GET /', serviceName: 'orders', correlationId: 'req-1', scopeName: 'tests' }],
    logs: [{ body: 'hello', severityNumber: 13, traceId, spanId, serviceName: 'orders' }],
    metricPoints: [{ name: 'sold', value: 3, monotonic: true, attributes: '{"shop":"a"}', serviceName: 'orders' }],
  });
  const one = { requests: 1, failedRequests: 0, received: 1, accepted: 1, rejected: 0, refused: 0 };
  expect(receiver.counts()).toEqual({ traces: one, logs: one, metrics: one });
  await receiver.close();
});

// The SDK's gRPC exporter (0.301) never tries again, whatever the status.
const retrying = protocols.filter(([name]) => name !== 'grpc');

test.each(retrying)(
  'over %s the SDK tries again after an overload, and not after a full disk',
  async (_, startReceiver, createExporters) => {
    const writer = new MemoryWriter();
    const receiver = await startReceiver({ host: '127.0.0.1', port: 0, writer });
    const problems = [
      new TelemetryError('STORE_OVERLOADED', 'busy'),
      undefined,
      new TelemetryError('STORE_FULL', 'full'),
    ];
    writer.before = () => {
      const problem = problems.shift();
      return problem ? Promise.reject(problem) : Promise.resolve(undefined);
    };
    const exporter = createExporters(receiver.port).spans;
    const tracing = new TracerProvider({ resource, spanProcessors: [new SimpleSpanProcessor({ exporter })] });
    tracing.getTracer('tests').startSpan('kept').end();
    await tracing.forceFlush();
    expect(writer.records.spans.map((span) => span.name)).toEqual(['kept']);
    expect(receiver.counts().traces).toMatchObject({ requests: 2, failedRequests: 1, accepted: 1, refused: 1 });
    tracing.getTracer('tests').startSpan('dropped').end();
    await tracing.shutdown();
    expect(receiver.counts().traces).toMatchObject({ requests: 3, failedRequests: 2, accepted: 1, refused: 2 });
    await receiver.close();
  },
);
