import { join } from 'node:path';
import { runFixture, startOtlpServer } from '@crmbet/testkit';
import { describe, expect, it } from 'vitest';

const packageRoot = join(__dirname, '..');

async function start(env: Record<string, string>) {
  const otlp = await startOtlpServer();
  const app = await runFixture({
    file: 'src/fixtures/express-app.cjs',
    cwd: packageRoot,
    nodeArgs: ['--require', '@crmbet/otel'],
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
      OTEL_BSP_SCHEDULE_DELAY: '20',
      OTEL_METRIC_EXPORT_INTERVAL: '100',
      ...env,
    },
    readyPattern: /listening on (\d+)/,
  });
  const get = (path: string, headers = {}) => fetch(`http://127.0.0.1:${app.port}${path}`, { headers });
  const counted = (route: string) =>
    otlp.waitFor((server) =>
      server.metrics().find(({ name, attributes }) => name === 'http_requests_total' && attributes['route'] === route),
    );
  return { otlp, get, counted };
}

describe('sampling of incoming requests', () => {
  it('leaves out health checks and scrapes, whoever asks, and counts them', async () => {
    const { otlp, get, counted } = await start({});
    const traceparent = '00-aaaabbbbccccddddaaaabbbbccccdddd-00f067aa0ba902b7-01';
    for (const path of ['/metrics', '/health', '/health/detailed', '/ready', '/live']) await get(path, { traceparent });
    expect((await get('/metrics?x=1')).status).toBe(200);
    await get('/');
    expect((await counted('/metrics')).value).toBeGreaterThanOrEqual(1);
    expect((await counted('unmatched')).value).toBeGreaterThanOrEqual(1);
    await otlp.waitFor((server) => server.spans().length > 0);
    expect(otlp.spans().map(({ attributes }) => attributes['url.path'])).toEqual(['/']);
  });

  it('follows the rules of the variable, with everything that a request does', async () => {
    const { otlp, get } = await start({
      CRMBET_OTEL_SAMPLING_RULES: 'GET /call/*=0',
      OTEL_TRACES_SAMPLER: 'always_on',
    });
    const target = await startOtlpServer();
    await get(`/call/http?url=${encodeURIComponent(target.url)}`);
    await get(`/call/fetch?url=${encodeURIComponent(target.url)}`);
    await get('/metrics');
    await otlp.waitFor((server) => server.spans().length > 0);
    expect(otlp.spans().map(({ kind, attributes }) => [kind, attributes['url.path']])).toEqual([
      ['server', '/metrics'],
    ]);
    expect(target.requests).toHaveLength(2);
    for (const { headers } of target.requests) expect(headers['traceparent']).toMatch(/-00$/);
  });
});
