import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { runFixture, startOtlpServer, type Fixture, type OtlpServer } from '@crmbet/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const packageRoot = join(__dirname, '..');
const variants = [
  { name: 'CommonJS, --require', file: 'express-app.cjs', flag: '--require', env: {} },
  { name: 'ES module, --import', file: 'express-app.mjs', flag: '--import', env: {} },
  { name: 'CommonJS, Express 4', file: 'express4-app.cjs', flag: '--require', env: {} },
  {
    name: 'CommonJS with httpMetricsMiddleware',
    file: 'express-app.cjs',
    flag: '--require',
    env: { FIXTURE_MIDDLEWARE: '1' },
  },
];

describe.each(variants)('an Express application under the preload ($name)', ({ file, flag, env }) => {
  let otlp: OtlpServer;
  let app: Fixture;

  beforeAll(async () => {
    otlp = await startOtlpServer();
    app = await runFixture({
      file: `src/fixtures/${file}`,
      cwd: packageRoot,
      nodeArgs: [flag, '@crmbet/otel'],
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
        OTEL_SERVICE_NAME: 'express-fixture',
        OTEL_BSP_SCHEDULE_DELAY: '50',
        OTEL_BLRP_SCHEDULE_DELAY: '50',
        OTEL_METRIC_EXPORT_INTERVAL: '200',
        ...env,
      },
      readyPattern: /listening on (\d+)/,
    });
  });

  afterAll(async () => {
    await app.stop();
    await otlp.close();
  });

  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${app.port}${path}`, { headers });

  it.each([
    ['/', '/', 200],
    ['/shops', '/shops', 200],
    ['/shops/7/items/9', '/shops/:shopId/items/:itemId', 200],
    ['/admin/users/5', '/admin/users/:userId', 200],
    ['/files/here', '/files', 200],
    ['/first', '/first|/second', 200],
    ['/pattern-12', String.raw`/^\/pattern-\d+$/`, 200],
    ['/fail', '/fail', 500],
    ['/write-head', '/write-head', 201],
  ])('names %s by its template %s', async (path, route, status) => {
    const id = `route-${path.replaceAll('/', '-')}`.slice(0, 60);
    const response = await get(path, { 'x-correlation-id': id });
    expect(response.status).toBe(status);
    expect(response.headers.get('x-correlation-id')).toBe(id);
    const span = await otlp.waitFor((server) =>
      server.spans().find(({ attributes }) => attributes['correlation.id'] === id),
    );
    expect(span).toMatchObject({ name: `GET ${route}`, kind: 'server', serviceName: 'express-fixture' });
    expect(span.attributes).toMatchObject({ 'http.route': route, 'http.response.status_code': status });
    const point = await otlp.waitFor((server) =>
      server
        .metrics()
        .find(
          ({ name, attributes }) =>
            name === 'http_requests_total' &&
            attributes['route'] === route &&
            attributes['status_code'] === String(status),
        ),
    );
    expect(point).toMatchObject({ value: 1, temporality: 'cumulative', monotonic: true });
  });

  it.each(['/absent', '/shops/7/absent', '/files/absent', '/admin/absent'])(
    'gives the unmatched %s no route and one constant label',
    async (path) => {
      const id = `unmatched${path.replaceAll('/', '-')}`;
      expect((await get(path, { 'x-correlation-id': id })).status).toBe(404);
      const span = await otlp.waitFor((server) =>
        server.spans().find(({ attributes }) => attributes['correlation.id'] === id),
      );
      expect(span.name).toBe('GET');
      expect(span.attributes).not.toHaveProperty('http.route');
      const routes = () =>
        otlp
          .metrics()
          .filter(({ name, attributes }) => name === 'http_requests_total' && attributes['status_code'] === '404')
          .map(({ attributes }) => attributes['route']);
      await otlp.waitFor(() => routes().length > 0);
      expect(new Set(routes())).toEqual(new Set(['unmatched']));
    },
  );

  it('gives the exemplar of a request its trace and correlation ID', async () => {
    const response = await get('/headers', { 'x-correlation-id': 'exemplar-1' });
    const { activeTraceId } = (await response.json()) as { activeTraceId: string };
    const exemplar = await otlp.waitFor((server) =>
      server
        .metrics()
        .filter(({ name }) => name === 'http_request_duration_seconds')
        .flatMap(({ exemplars }) => exemplars)
        .find(({ traceId }) => traceId === activeTraceId),
    );
    expect(exemplar.attributes).toEqual({ 'correlation.id': 'exemplar-1' });
    const span = await otlp.waitFor((server) => server.spans().find(({ traceId }) => traceId === activeTraceId));
    expect(exemplar.spanId).toBe(span.spanId);
  });

  it('counts a request that the client aborts as 499, on the span too', async () => {
    const request = httpRequest({
      port: app.port,
      path: '/slow',
      headers: { 'x-correlation-id': 'aborted-1' },
    });
    request.on('error', () => undefined).end();
    await otlp.waitFor(() => app.stdout.includes('slow began'));
    request.destroy();
    const point = await otlp.waitFor((server) =>
      server
        .metrics()
        .find(({ name, attributes }) => name === 'http_requests_total' && attributes['status_code'] === '499'),
    );
    expect(point.attributes).toEqual({ method: 'GET', route: '/slow', status_code: '499' });
    const span = await otlp.waitFor((server) =>
      server.spans().find(({ attributes }) => attributes['correlation.id'] === 'aborted-1'),
    );
    expect(span.attributes['http.response.status_code']).toBe(499);
  });

  it('shows documented metrics and those of the API on /metrics and over OTLP', async () => {
    await get('/shops/1/items/2');
    const page = await (await get('/metrics')).text();
    expect(page).toMatch(
      /^http_requests_total\{method="GET",route="\/shops\/:shopId\/items\/:itemId",status_code="200"\} \d+$/m,
    );
    expect(page).toMatch(/^fixture_orders_total\{otel_scope_name="fixture",kind="read"\} \d+$/m);
    expect(page).toMatch(/^nodejs_eventloop_lag_seconds \S+$/m);
    const names = await otlp.waitFor((server) => {
      const found = new Set(server.metrics().map(({ name }) => name));
      return found.has('fixture.orders') && found;
    });
    expect([...names]).toEqual(
      expect.arrayContaining(['http_request_duration_seconds', 'nodejs_eventloop_lag_seconds', 'fixture.orders']),
    );
  });

  it('writes nothing to standard error', () => {
    // An export has no more time than lies between two of them: here so little that a busy machine may need more.
    expect(app.stderr.replaceAll(/^.*metrics export timed out after 200ms.*\n/gm, '')).toBe('');
  });
});

describe('the ES module fixture', () => {
  it('sends what an imported winston logs', async () => {
    const otlp = await startOtlpServer();
    const app = await runFixture({
      file: 'src/fixtures/express-app.mjs',
      cwd: packageRoot,
      nodeArgs: ['--import', '@crmbet/otel'],
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url, OTEL_BLRP_SCHEDULE_DELAY: '20' },
      readyPattern: /listening on (\d+)/,
    });
    await fetch(`http://127.0.0.1:${app.port}/log`, { headers: { 'x-request-id': 'esm-log' } });
    const log = await otlp.waitFor((server) => server.logs().find(({ body }) => body === 'from an ES module'));
    expect(log.attributes['correlationId']).toBe('esm-log');
  });
});
