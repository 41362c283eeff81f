import { join } from 'node:path';
import { freePort, runFixture, startOtlpServer, waitUntil, type Fixture } from '@crmbet/testkit';
import { describe, expect, it } from 'vitest';

const packageRoot = join(__dirname, '..');

function startApp(env: Record<string, string>): Promise<Fixture> {
  return runFixture({
    file: 'src/fixtures/express-app.cjs',
    cwd: packageRoot,
    nodeArgs: ['--require', '@crmbet/otel'],
    env: { OTEL_BSP_SCHEDULE_DELAY: '20', OTEL_METRIC_EXPORT_INTERVAL: '200', ...env },
    readyPattern: /listening on (\d+)/,
  });
}

describe('OTLP delivery', () => {
  it('compresses with gzip', async () => {
    const otlp = await startOtlpServer();
    const app = await startApp({ OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url, OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' });
    await fetch(`http://127.0.0.1:${app.port}/`);
    await otlp.waitFor((server) => server.spans().length > 0 && server.metrics().length > 0);
    expect(new Set(otlp.requests.map(({ headers }) => headers['content-encoding']))).toEqual(new Set(['gzip']));
  });

  it('speaks http/json, exemplars too', async () => {
    const otlp = await startOtlpServer();
    const app = await startApp({ OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' });
    await fetch(`http://127.0.0.1:${app.port}/`, { headers: { 'x-correlation-id': 'json-1' } });
    const span = await otlp.waitFor((server) => server.spans()[0]);
    expect(span.attributes['correlation.id']).toBe('json-1');
    const exemplar = await otlp.waitFor((server) => server.metrics().flatMap(({ exemplars }) => exemplars)[0]);
    expect(exemplar).toMatchObject({ traceId: span.traceId, spanId: span.spanId });
    expect(exemplar.attributes).toEqual({ 'correlation.id': 'json-1' });
    expect(new Set(otlp.requests.map(({ headers }) => headers['content-type']))).toEqual(new Set(['application/json']));
  });

  it('sends the headers and goes to the endpoints of each signal', async () => {
    const [shared, traces] = [await startOtlpServer(), await startOtlpServer()];
    const app = await startApp({
      OTEL_EXPORTER_OTLP_ENDPOINT: `${shared.url}/`,
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20abc,x-team=crm',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${traces.url}/v1/traces`,
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-team=traces',
    });
    await fetch(`http://127.0.0.1:${app.port}/`);
    await traces.waitFor((server) => server.spans().length > 0);
    await shared.waitFor((server) => server.metrics().length > 0);
    expect(traces.requests[0]?.headers).toMatchObject({ authorization: 'Basic abc', 'x-team': 'traces' });
    expect(shared.requests[0]?.headers).toMatchObject({ authorization: 'Basic abc', 'x-team': 'crm' });
    expect(shared.spans()).toEqual([]);
  });

  it('tries again after 503, and does not send twice what arrived', async () => {
    const otlp = await startOtlpServer();
    otlp.respondWith(503, { 'retry-after': '0' });
    const app = await startApp({ OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url, OTEL_METRICS_EXPORTER: 'none' });
    await fetch(`http://127.0.0.1:${app.port}/`);
    await otlp.waitFor((server) => server.requests.length > 1);
    otlp.respondWith(200);
    await otlp.waitFor((server) => server.spans().length > 0);
    await app.stop();
    expect(otlp.spans()).toHaveLength(1);
  });

  it('says in one line that nothing listens, and in one that it is back; the application answers all along', async () => {
    const port = await freePort();
    const app = await startApp({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_TIMEOUT: '100',
    });
    for (let index = 0; index < 20; index += 1) {
      expect((await fetch(`http://127.0.0.1:${app.port}/`)).status).toBe(200);
    }
    const lines = () => app.stderr.split('\n').filter((line) => line !== '');
    await waitUntil(() => lines().length > 0);
    expect(lines()).toEqual([
      expect.stringMatching(new RegExp(`^crmbet-otel: .*127\\.0\\.0\\.1:${port}.*ECONNREFUSED`)),
    ]);
    const otlp = await startOtlpServer({ port });
    await fetch(`http://127.0.0.1:${app.port}/`);
    await otlp.waitFor((server) => server.spans().length > 0);
    await waitUntil(() => lines().length > 1);
    expect(lines()).toEqual([expect.anything(), expect.stringMatching(/again/)]);
    expect(app.stdout).toBe(`listening on ${app.port}\n`);
  });

  it('drops and counts what a full queue cannot take', async () => {
    const otlp = await startOtlpServer();
    const app = await runFixture({
      args: [
        '-e',
        `const tracer = require('@opentelemetry/api').trace.getTracer('t');
         for (let index = 0; index < 50; index += 1) tracer.startSpan('burst').end();`,
      ],
      cwd: packageRoot,
      nodeArgs: ['--require', '@crmbet/otel'],
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
        OTEL_BSP_MAX_QUEUE_SIZE: '20',
        OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '10',
      },
    });
    await app.exited;
    expect(otlp.spans()).toHaveLength(20);
    const dropped = otlp.metrics().find(({ name }) => name === 'otel.sdk.processor.span.processed');
    expect(dropped).toMatchObject({ value: 30 });
    expect(dropped?.attributes).toMatchObject({ 'error.type': 'queue_full' });
    expect(app.stderr.match(/dropped/g)).toHaveLength(1);
  });
});
