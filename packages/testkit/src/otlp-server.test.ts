import { SeverityNumber, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { AggregationType, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { describe, expect, test } from 'vitest';
import { startOtlpServer } from './otlp-server.ts';

const resource = resourceFromAttributes({ 'service.name': 'orders' });

function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

describe('what the OpenTelemetry SDK exports as protobuf', () => {
  test('spans, compressed', async () => {
    const server = await startOtlpServer();
    const exporter = new OTLPTraceExporter({ url: `${server.url}/v1/traces`, compression: CompressionAlgorithm.GZIP });
    const provider = new TracerProvider({ resource, spanProcessors: [new SimpleSpanProcessor({ exporter })] });
    const span = provider.getTracer('tests', '1.2').startSpan('GET /orders', {
      kind: SpanKind.SERVER,
      attributes: { text: 'a', number: 1.5, integer: -3, yes: true, list: ['x', 'y'] },
    });
    span.addEvent('retry', { attempt: 2 });
    span.setStatus({ code: SpanStatusCode.ERROR, message: 'no stock' });
    span.end();
    await provider.shutdown();

    const context = span.spanContext();
    expect(server.spans()).toEqual([
      expect.objectContaining({
        traceId: context.traceId,
        spanId: context.spanId,
        parentSpanId: '',
        name: 'GET /orders',
        kind: 'server',
        status: 'error',
        statusMessage: 'no stock',
        serviceName: 'orders',
        scopeName: 'tests',
        scopeVersion: '1.2',
        attributes: { text: 'a', number: 1.5, integer: -3, yes: true, list: ['x', 'y'] },
        events: [{ name: 'retry', timeUnixNano: expect.any(BigInt), attributes: { attempt: 2 } }],
      }),
    ]);
    const age = Date.now() - Number((server.spans()[0]?.startTimeUnixNano ?? 0n) / 1_000_000n);
    expect(age).toBeGreaterThanOrEqual(0);
    expect(age).toBeLessThan(60_000);
    expect(server.requests[0]?.headers['content-encoding']).toBe('gzip');
  });

  test('log records', async () => {
    const server = await startOtlpServer();
    const exporter = new OTLPLogExporter({ url: `${server.url}/v1/logs` });
    const provider = new LoggerProvider({ resource, processors: [new SimpleLogRecordProcessor({ exporter })] });
    provider
      .getLogger('tests')
      .emit({ severityNumber: SeverityNumber.ERROR, severityText: 'error', body: { a: [1] }, attributes: { k: 'v' } });
    await provider.shutdown();
    expect(server.logs()).toEqual([
      expect.objectContaining({ severityNumber: 17, severityText: 'error', body: { a: [1] }, attributes: { k: 'v' } }),
    ]);
  });

  test('every kind of metric point', async () => {
    const server = await startOtlpServer();
    const reader = new PeriodicExportingMetricReader({
      exporter: new OTLPMetricExporter({
        url: `${server.url}/v1/metrics`,
      }),
      exportIntervalMillis: 3_600_000,
    });
    const views = [{ instrumentName: 'size', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } as const }];
    const provider = new MeterProvider({ resource, readers: [reader], views });
    const meter = provider.getMeter('tests');
    meter.createCounter('sold', { unit: '{item}' }).add(3, { shop: 'a' });
    meter.createGauge('level').record(-1.5);
    const duration = meter.createHistogram('duration', { advice: { explicitBucketBoundaries: [1, 2] } });
    for (const value of [0.5, 1.5, 9]) duration.record(value);
    meter.createHistogram('size').record(4);
    await provider.shutdown();

    const point = (name: string) => server.metrics().find((metric) => metric.name === name);
    expect(point('sold')).toMatchObject({
      type: 'sum',
      monotonic: true,
      temporality: 'cumulative',
      unit: '{item}',
      value: 3,
      attributes: { shop: 'a' },
    });
    expect(point('level')).toMatchObject({ type: 'gauge', value: -1.5 });
    expect(point('duration')).toMatchObject({
      type: 'histogram',
      count: 3,
      sum: 11,
      min: 0.5,
      max: 9,
      explicitBounds: [1, 2],
      bucketCounts: [1, 1, 1],
    });
    expect(point('size')).toMatchObject({ type: 'exponential_histogram', count: 1, sum: 4 });
    expect(point('size')?.exponential?.positive.bucketCounts).toEqual([1]);
  });
});

test('JSON: hexadecimal IDs, 64-bit integers as text, exemplars', async () => {
  const server = await startOtlpServer();
  const traceId = '5b8efff798038103d269b633813fc60c';
  const exemplar = {
    timeUnixNano: '7',
    asInt: '42',
    traceId,
    spanId: 'eee19b7ec3c1b174',
    filteredAttributes: [{ key: 'correlation.id', value: { stringValue: 'abc' } }],
  };
  const dataPoints = [
    {
      timeUnixNano: '1700000000000000001',
      asInt: '-9',
      exemplars: [exemplar],
      attributes: [{ key: 'big', value: { intValue: '9223372036854775807' } }],
    },
  ];
  const response = await post(`${server.url}/v1/metrics`, {
    resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'm', gauge: { dataPoints } }] }] }],
  });
  expect([response.status, await response.json()]).toEqual([200, {}]);
  expect(server.metrics()).toMatchObject([
    {
      timeUnixNano: 1_700_000_000_000_000_001n,
      value: -9,
      attributes: { big: 9_223_372_036_854_775_807n },
      exemplars: [
        { timeUnixNano: 7n, value: 42, traceId, spanId: 'eee19b7ec3c1b174', attributes: { 'correlation.id': 'abc' } },
      ],
    },
  ]);
});

test.each([
  ['/v1/other', 'POST', 'application/json', '{}', 404],
  ['/v1/logs', 'PUT', 'application/json', '{}', 405],
  ['/v1/logs', 'POST', 'text/plain', '{}', 415],
  ['/v1/logs', 'POST', 'application/json', '{"resourceLogs":', 400],
  ['/v1/logs', 'POST', 'application/x-protobuf', '\n\u{7f}', 400],
])('refuses %s %s %s %j with %i', async (path, method, type, body, status) => {
  const server = await startOtlpServer();
  const response = await fetch(server.url + path, { method, headers: { 'content-type': type }, body });
  expect(response.status).toBe(status);
  expect(server.requests).toMatchObject([{ path, method, size: Buffer.byteLength(body), status }]);
  expect(server.logs()).toEqual([]);
});

const oneLog = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: 'hello' } }] }] }] };

test('answers as told, keeps nothing meanwhile, and goes back to normal', async () => {
  const server = await startOtlpServer();
  server.respondWith(503, { 'retry-after': '2' }, 'busy');
  const refused = await post(`${server.url}/v1/logs`, oneLog);
  expect([refused.status, refused.headers.get('retry-after'), await refused.text()]).toEqual([503, '2', 'busy']);
  expect(server.logs()).toEqual([]);
  server.respondWith(200);
  await post(`${server.url}/v1/logs`, oneLog);
  expect(server.logs()).toHaveLength(1);
  server.clear();
  expect([server.logs(), server.requests]).toEqual([[], []]);
});

test('never answers when told so, and closing ends the connection', async () => {
  const server = await startOtlpServer();
  server.respondWith(0);
  const answer = post(`${server.url}/v1/logs`, oneLog).then(
    () => 'answered',
    () => 'cut off',
  );
  await server.waitFor(({ requests }) => requests.length === 1);
  await server.close();
  expect(await answer).toBe('cut off');
});

test('waiting in vain says what did arrive', async () => {
  const server = await startOtlpServer();
  await post(`${server.url}/v1/logs`, oneLog);
  const failure = server.waitFor(({ spans }) => spans().length > 0, { timeoutMs: 50 });
  await expect(failure).rejects.toThrow(
    /spans\(\)\.length > 0[^]*requests: 1\n {2}POST \/v1\/logs[^]*logs: 1\n {2} 'hello'/,
  );
});
