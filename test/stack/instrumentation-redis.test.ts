import { randomUUID } from 'node:crypto';
import { runFixture, startOtlpServer, type Fixture, type OtlpServer } from '@crmbet/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const otelPackage = new URL('../../packages/otel', import.meta.url).pathname;
// Letters only, so that it stays the beginning of a key's kind.
const prefix = `t${randomUUID().replace(/[^a-z]/g, '')}.`;

describe('Redis under the preload', () => {
  let otlp: OtlpServer;
  let app: Fixture;

  beforeAll(async () => {
    otlp = await startOtlpServer();
    app = await runFixture({
      file: 'src/fixtures/redis-app.cjs',
      cwd: otelPackage,
      nodeArgs: ['--require', '@crmbet/otel'],
      env: {
        REDIS_URL: process.env['CRMBET_TEST_REDIS_URL'],
        FIXTURE_PREFIX: prefix,
        OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
        OTEL_BSP_SCHEDULE_DELAY: '20',
        OTEL_METRIC_EXPORT_INTERVAL: '100',
      },
      readyPattern: /listening on (\d+)/,
    });
  });

  afterAll(async () => {
    await app.stop();
    await otlp.close();
  });

  const get = (path: string) =>
    fetch(`http://127.0.0.1:${app.port}${path}`, { headers: { 'x-correlation-id': `stack${path.replace('/', '-')}` } });
  const latest = (name: string, kind: string) =>
    otlp.metrics().findLast((point) => point.name === name && point.attributes['key_type'] === `${prefix}${kind}`);

  it.each([
    ['/ioredis', 'user', 2, 2, 'get'],
    ['/redis', 'cart', 2, 2, 'redis-GET'],
  ])('%s: spans in the request, hits and misses by the kind of the key', async (path, kind, hits, misses, name) => {
    expect(await (await get(path)).text()).toBe('done');
    const span = await otlp.waitFor((server) =>
      server.spans().find((own) => own.name === name && own.attributes['correlation.id'] === `stack-${path.slice(1)}`),
    );
    const request = await otlp.waitFor((server) =>
      server.spans().find((own) => own.kind === 'server' && own.traceId === span.traceId),
    );
    expect(span).toMatchObject({ kind: 'client', parentSpanId: request.spanId });
    expect(span.attributes['db.system.name']).toBe('redis');
    expect(JSON.stringify(otlp.spans().map(({ attributes }) => attributes))).not.toContain('"one"');
    await otlp.waitFor(() => latest('cache_misses_total', kind)?.value === misses);
    expect(latest('cache_hits_total', kind)).toMatchObject({ value: hits });
    expect(latest('cache_hits_total', kind)?.attributes['cache_layer']).toBe('redis');
  });

  it('counts a read in a pipeline as one miss, and one in a transaction not as a hit', async () => {
    await get('/ioredis');
    await otlp.waitFor(() => latest('cache_misses_total', 'page'));
    expect(latest('cache_hits_total', 'page')).toBeUndefined();
  });

  it('marks the span of a command that fails', async () => {
    expect((await get('/error')).status).toBe(500);
    await otlp.waitFor((server) =>
      server.spans().find((span) => span.status === 'error' && span.attributes['correlation.id'] === 'stack-error'),
    );
  });
});
