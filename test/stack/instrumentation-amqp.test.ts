import { randomUUID } from 'node:crypto';
import { runFixture, startOtlpServer, type Fixture, type OtlpServer } from '@crmbet/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const otelPackage = new URL('../../packages/otel', import.meta.url).pathname;
const queue = `crmbet-otel-${randomUUID()}`;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('RabbitMQ under the preload', () => {
  let otlp: OtlpServer;
  let app: Fixture;

  beforeAll(async () => {
    otlp = await startOtlpServer();
    app = await runFixture({
      file: 'src/fixtures/amqp-app.cjs',
      cwd: otelPackage,
      nodeArgs: ['--require', '@crmbet/otel'],
      env: {
        AMQP_URL: process.env['CRMBET_TEST_AMQP_URL'],
        FIXTURE_QUEUE: queue,
        OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
        OTEL_BSP_SCHEDULE_DELAY: '20',
        OTEL_BLRP_SCHEDULE_DELAY: '20',
      },
      readyPattern: /listening on (\d+)/,
    });
  });

  afterAll(async () => {
    await app.stop();
    await otlp.close();
  });

  const consumed = (content: string) =>
    otlp.waitFor((server) => server.logs().find(({ attributes }) => attributes['content'] === content));

  it.each([
    ['/publish', 'plain'],
    ['/confirm', 'confirmed'],
    ['/foreign', 'foreign'],
  ])('carries trace and correlation ID from %s to the consumer', async (path, content) => {
    const id = `stack-amqp-${content}`;
    await fetch(`http://127.0.0.1:${app.port}${path}`, { headers: { 'x-correlation-id': id } });
    const log = await consumed(content);
    expect(log.attributes).toMatchObject({ correlationId: id, seen: id });
    const spans = await otlp.waitFor((server) => {
      const found = server.spans().filter(({ attributes }) => attributes['correlation.id'] === id);
      return found.length === 3 && found;
    });
    const of = (kind: string) => spans.find((span) => span.kind === kind);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(of('producer')?.parentSpanId).toBe(of('server')?.spanId);
    expect(of('consumer')?.parentSpanId).toBe(of('producer')?.spanId);
    expect(log.spanId).toBe(of('consumer')?.spanId);
  });

  it.each([
    ['with an ID', 'from-elsewhere', /^from-elsewhere$/],
    ['without one', '', uuid],
    ['with a bad one', 'a b\r\nc', uuid],
  ])('gives a message from a service without telemetry an ID (%s)', async (_name, header, expected) => {
    otlp.clear();
    await runFixture({
      file: 'src/fixtures/amqp-publish.cjs',
      cwd: otelPackage,
      env: { AMQP_URL: process.env['CRMBET_TEST_AMQP_URL'], FIXTURE_QUEUE: queue, FIXTURE_HEADER: header },
    });
    const log = await consumed('from outside');
    expect(log.attributes['correlationId']).toMatch(expected);
    const span = await otlp.waitFor((server) => server.spans().find(({ kind }) => kind === 'consumer'));
    expect(span.attributes['correlation.id']).toBe(log.attributes['correlationId']);
  });
});
