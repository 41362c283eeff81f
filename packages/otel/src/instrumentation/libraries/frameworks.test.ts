import { join } from 'node:path';
import { runFixture, startOtlpServer, type Fixture, type OtlpServer } from '@crmbet/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const packageRoot = join(__dirname, '../../..');

describe.each([
  { file: 'fastify-app.cjs', flag: '--require' },
  { file: 'fastify-app.mjs', flag: '--import' },
  { file: 'koa-app.cjs', flag: '--require' },
  { file: 'koa-app.mjs', flag: '--import' },
  { file: 'hono-app.cjs', flag: '--require' },
  { file: 'hono-app.mjs', flag: '--import' },
  { file: 'nest-app.cjs', flag: '--require' },
])('$file under the preload', ({ file, flag }) => {
  let otlp: OtlpServer;
  let app: Fixture;

  beforeAll(async () => {
    otlp = await startOtlpServer();
    app = await runFixture({
      file: `src/instrumentation/libraries/fixtures/${file}`,
      cwd: packageRoot,
      nodeArgs: [flag, '@crmbet/otel'],
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
        OTEL_BSP_SCHEDULE_DELAY: '20',
        OTEL_METRIC_EXPORT_INTERVAL: '500',
      },
      readyPattern: /listening on (\d+)/,
    });
  });

  afterAll(async () => {
    await app.stop();
    await otlp.close();
  });

  const get = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`http://127.0.0.1:${app.port}${path}`, { headers });
    await response.text();
    return response.status;
  };
  const spanOf = (id: string) =>
    otlp.waitFor((server) =>
      server.spans().find(({ kind, attributes }) => kind === 'server' && attributes['correlation.id'] === id),
    );
  const counted = (route: string, status: number) =>
    otlp.waitFor((server) =>
      server
        .metrics()
        .find(
          ({ name, attributes }) =>
            name === 'http_requests_total' &&
            attributes['route'] === route &&
            attributes['status_code'] === String(status),
        ),
    );

  it.each([
    ['/', '/', 200],
    ['/shops/7/items/9', '/shops/:shopId/items/:itemId', 200],
    ['/shops/7/fail', '/shops/:shopId/fail', 500],
  ])('names %s by its template %s, on span and metric', async (path, route, status) => {
    const id = `route${path.replaceAll('/', '-')}`;
    expect(await get(path, { 'x-correlation-id': id })).toBe(status);
    const span = await spanOf(id);
    expect(span.name).toBe(`GET ${route}`);
    expect(span.attributes).toMatchObject({ 'http.route': route, 'http.response.status_code': status });
    expect(await counted(route, status)).toMatchObject({ value: 1 });
    expect(otlp.spans().filter(({ traceId }) => traceId === span.traceId)).toHaveLength(1);
  });

  it('gives a request that matched nothing no route', async () => {
    expect(await get('/shops/absent/really/7', { 'x-correlation-id': 'nothing' })).toBe(404);
    const span = await spanOf('nothing');
    expect(span.name).toBe('GET');
    expect(span.attributes).not.toHaveProperty('http.route');
    await counted('unmatched', 404);
  });

  it('knows the route of a request that middleware turned away, where it was matched before', async () => {
    const path = '/shops/7/items/9';
    expect(await get(path, { authorization: 'bad', 'x-correlation-id': 'turned-away' })).toBe(401);
    // The middleware of the NestJS application runs before anything is matched.
    const route = file.startsWith('nest') ? undefined : '/shops/:shopId/items/:itemId';
    expect((await spanOf('turned-away')).attributes['http.route']).toBe(route);
  });

  it('is instrumented without a complaint', () => {
    expect(app.stderr).not.toContain('instrument');
  });
});
