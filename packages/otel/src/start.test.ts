import { join } from 'node:path';
import { freePort, runFixture, startOtlpServer, waitUntil, type FixtureOptions } from '@crmbet/testkit';
import { describe, expect, it } from 'vitest';

const packageRoot = join(__dirname, '..');
const record = `require('@opentelemetry/api').trace.getTracer('t').startSpan('work').end();`;

async function run(endpoint: string, { nodeArgs = [], env = {}, ...options }: FixtureOptions) {
  const app = await runFixture({
    cwd: packageRoot,
    nodeArgs: [...nodeArgs, '--require', '@crmbet/otel'],
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, ...env },
    ...options,
  });
  return app;
}

describe('starting the preload', () => {
  it('does nothing with OTEL_SDK_DISABLED=true', async () => {
    const otlp = await startOtlpServer();
    const app = await run(otlp.url, {
      args: [
        '-e',
        `${record} console.log(process.listenerCount('SIGTERM'), require('http').Server.prototype.emit.name)`,
      ],
      env: { OTEL_SDK_DISABLED: 'true' },
    });
    expect(await app.exited).toEqual({ code: 0, signal: null });
    expect(app.stdout).toBe('0 emit\n');
    expect(otlp.requests).toEqual([]);
  });

  it('says on an older Node.js that it needs a newer one, and the application runs', async () => {
    const otlp = await startOtlpServer();
    const app = await run(otlp.url, {
      args: ['-e', `${record} console.log('runs')`],
      nodeArgs: ['--require', join(packageRoot, 'src/fixtures/old-node.cjs')],
    });
    expect(await app.exited).toEqual({ code: 0, signal: null });
    expect(app.stdout).toBe('runs\n');
    expect(app.stderr).toBe(
      'crmbet-otel: needs Node.js 22.15 or newer, this is 20.19.0; the application runs without telemetry\n',
    );
    expect(otlp.requests).toEqual([]);
  });

  it('once: a second start is one line and changes nothing', async () => {
    const otlp = await startOtlpServer();
    const app = await run(otlp.url, {
      args: [
        '-e',
        `const sdk = require('@crmbet/otel/sdk'); sdk.start({ service: { name: 'second' } });
         ${record}
         sdk.flush().then(() => sdk.stop()).then(() => sdk.stop()).then(() => console.log('stopped'));`,
      ],
      env: { OTEL_SERVICE_NAME: 'first' },
    });
    expect(await app.exited).toEqual({ code: 0, signal: null });
    expect(app.stdout).toBe('stopped\n');
    expect(app.stderr.trim().split('\n')).toEqual([expect.stringMatching(/^crmbet-otel: started twice/)]);
    expect(otlp.spans().map(({ name, serviceName }) => [name, serviceName])).toEqual([['work', 'first']]);
  });

  it('leaves another OpenTelemetry SDK alone', async () => {
    const otlp = await startOtlpServer();
    const app = await run(otlp.url, {
      args: ['-e', record],
      nodeArgs: ['--require', join(packageRoot, 'src/fixtures/other-sdk.cjs')],
    });
    await app.exited;
    expect(app.stderr).toMatch(/^crmbet-otel: another OpenTelemetry SDK/);
    expect(otlp.requests).toEqual([]);
  });

  it('from code, with options before the environment', async () => {
    const otlp = await startOtlpServer();
    const app = await runFixture({
      args: [
        '-e',
        `const sdk = require('@crmbet/otel/sdk');
         sdk.start({ service: { name: 'by code' }, otlp: { endpoint: ${JSON.stringify(otlp.url)} } }); ${record}`,
      ],
      cwd: packageRoot,
      env: { OTEL_SERVICE_NAME: 'by environment', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' },
    });
    await app.exited;
    expect(otlp.spans()).toMatchObject([{ name: 'work', serviceName: 'by code' }]);
  });

  it('names the service after the nearest package.json, and reads resource attributes', async () => {
    const otlp = await startOtlpServer();
    const app = await run(otlp.url, {
      args: ['-e', record],
      env: { OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test,team=a%20b' },
    });
    await app.exited;
    expect(otlp.spans()[0]?.resource).toMatchObject({
      'service.name': '@crmbet/otel',
      'deployment.environment.name': 'test',
      team: 'a b',
      'telemetry.sdk.language': 'nodejs',
    });
  });

  it('says of each wrong value its name, the value, what is allowed and what is used, and never a secret', async () => {
    const otlp = await startOtlpServer();
    const app = await run(otlp.url, {
      args: ['-e', record],
      env: {
        OTEL_BSP_MAX_QUEUE_SIZE: 'many',
        OTEL_TRACES_EXPORTER: 'zipkin',
        OTEL_EXPORTER_OTLP_HEADERS: 'secret-token',
        OTEL_LOGS_EXPORTER: '',
      },
    });
    expect(await app.exited).toEqual({ code: 0, signal: null });
    const lines = app.stderr.trim().split('\n').sort();
    expect(lines).toEqual([
      'crmbet-otel: OTEL_BSP_MAX_QUEUE_SIZE="many" is not allowed (whole number from 1); using 2048',
      'crmbet-otel: OTEL_EXPORTER_OTLP_HEADERS=[REDACTED] is not allowed (`key=value` pairs separated by commas, percent-encoded); using none',
      'crmbet-otel: OTEL_TRACES_EXPORTER="zipkin" is not allowed (`otlp`, `console`, `file`, `jaeger` (several separated by commas), or `none`); using otlp',
    ]);
    expect(otlp.spans()).toHaveLength(1);
  });

  it('leaves worker threads alone', async () => {
    const otlp = await startOtlpServer();
    const app = await run(otlp.url, { file: 'src/fixtures/worker-thread.cjs' });
    expect(await app.exited).toEqual({ code: 0, signal: null });
    expect(app.stdout).toBe('worker recording false\nworker exit 0\n');
    expect(app.stderr).toBe('');
    expect(otlp.spans()).toEqual([]);
  });

  it('in every process of a cluster', async () => {
    const otlp = await startOtlpServer();
    const app = await run(otlp.url, {
      file: 'src/fixtures/cluster.cjs',
      env: { OTEL_BSP_SCHEDULE_DELAY: '20', FIXTURE_PORT: String(await freePort()) },
      readyPattern: /listening on (\d+)/,
    });
    const pids = new Set<number>();
    await waitUntil(async () => {
      pids.add(
        Number(await (await fetch(`http://127.0.0.1:${app.port}/`, { headers: { connection: 'close' } })).text()),
      );
      return pids.size === 2;
    });
    await otlp.waitFor((server) => {
      const seen = new Set(server.spans().map(({ resource }) => Number(resource['process.pid'])));
      return [...pids].every((pid) => seen.has(pid));
    });
    expect(await app.stop()).toEqual({ code: 0, signal: null });
    expect(app.stderr).toBe('');
  });

  it.each([
    ['OTEL_TRACES_SAMPLER=always_off', { OTEL_TRACES_SAMPLER: 'always_off' }, 0],
    ['a ratio of 0', { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' }, 0],
    ['a ratio of 1', { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '1' }, 1],
    ['OTEL_TRACES_EXPORTER=none', { OTEL_TRACES_EXPORTER: 'none' }, 0],
  ])('with %s', async (_name, env, count) => {
    const otlp = await startOtlpServer();
    const app = await run(otlp.url, { args: ['-e', record], env });
    await app.exited;
    expect(otlp.spans()).toHaveLength(count);
  });

  it('with the span limits of the environment', async () => {
    const otlp = await startOtlpServer();
    const app = await run(otlp.url, {
      args: [
        '-e',
        `require('@opentelemetry/api').trace.getTracer('t').startSpan('s', { attributes: { a: 'x'.repeat(50), b: 1, c: 2 } }).end();`,
      ],
      env: { OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT: '10', OTEL_ATTRIBUTE_COUNT_LIMIT: '2' },
    });
    await app.exited;
    const [span] = otlp.spans();
    expect(span?.attributes['a']).toBe('x'.repeat(10));
    expect(Object.keys(span?.attributes ?? {})).toHaveLength(2);
  });

  it('opens a page for Prometheus, whose scrapes make no telemetry; a port in use is one line', async () => {
    const otlp = await startOtlpServer();
    const port = await freePort();
    const env = {
      OTEL_METRICS_EXPORTER: 'otlp,prometheus',
      OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
      OTEL_BSP_SCHEDULE_DELAY: '20',
    };
    const start = () => run(otlp.url, { file: 'src/fixtures/plain-http.cjs', env, readyPattern: /listening on (\d+)/ });
    const first = await start();
    await fetch(`http://127.0.0.1:${first.port}/`);
    const page = await waitUntil(async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text());
    expect(page).toMatch(/^http_requests_total\{method="GET",route="unmatched",status_code="200"\} 1$/m);
    await otlp.waitFor((server) => server.spans().length > 0);
    expect(otlp.spans()).toHaveLength(1);
    const second = await start();
    await waitUntil(() => second.stderr.includes(`Port ${port}`));
    expect(second.stderr.trim().split('\n')).toHaveLength(1);
  });

  it.each([
    ['Prometheus alone', { OTEL_METRICS_EXPORTER: 'prometheus', OTEL_EXPORTER_PROMETHEUS_PORT: '0' }, 0],
    ['delta temporality', { OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta' }, 1],
  ])('keeps API metrics cumulative on /metrics with %s', async (_name, env, least) => {
    const otlp = await startOtlpServer();
    const app = await run(otlp.url, {
      file: 'src/fixtures/express-app.cjs',
      env: { OTEL_METRIC_EXPORT_INTERVAL: '50', ...env },
      readyPattern: /listening on (\d+)/,
    });
    const page = async () => (await fetch(`http://127.0.0.1:${app.port}/metrics`)).text();
    for (let count = 1; count <= 3; count += 1) {
      await fetch(`http://127.0.0.1:${app.port}/shops/1/items/2`);
      expect(await page()).toContain(`\nfixture_orders_total{otel_scope_name="fixture",kind="read"} ${count}\n`);
      const points = () => otlp.metrics().filter(({ name }) => name === 'fixture.orders');
      await otlp.waitFor(() => points().length >= least * count);
      expect(points().every(({ temporality }) => temporality === 'delta')).toBe(true);
    }
    expect(otlp.metrics().length > 0).toBe(least > 0);
  });

  it('prints spans with the console exporter', async () => {
    const otlp = await startOtlpServer();
    const app = await run(otlp.url, { args: ['-e', record], env: { OTEL_TRACES_EXPORTER: 'console' } });
    await app.exited;
    expect(app.stdout).toMatch(/name: 'work'/);
    expect(otlp.spans()).toEqual([]);
  });
});
