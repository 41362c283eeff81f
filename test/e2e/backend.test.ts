/** The example backend and its load generator as processes, as people start them. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runFixture, startOtlpServer, waitUntil, type Fixture, type OtlpServer } from '@crmbet/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';

const backendFolder = dirname(createRequire(import.meta.url).resolve('@crmbet/example-backend'));
const main = join(backendFolder, 'main.js');
const load = join(backendFolder, 'load', 'main.js');
let receiver: OtlpServer;
let backend: Fixture;

beforeAll(async () => {
  receiver = await startOtlpServer();
  backend = await startBackend();
});

afterAll(async () => {
  await backend?.stop();
  await receiver?.close();
});

function startBackend(): Promise<Fixture> {
  return runFixture({
    nodeArgs: ['--require', '@crmbet/otel'],
    file: main,
    cwd: import.meta.dirname,
    env: {
      PORT: '0',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_BSP_SCHEDULE_DELAY: '200',
      OTEL_BLRP_SCHEDULE_DELAY: '200',
      OTEL_METRIC_EXPORT_INTERVAL: '500',
      OTEL_METRIC_EXPORT_TIMEOUT: '500',
    },
    readyPattern: /^listening on (\d+)$/m,
    timeoutMs: 40_000,
  });
}

it('a request whose client went away is in the logs and metrics as 499', async () => {
  const url = `http://127.0.0.1:${backend.port}/api/transactions/report`;
  const headers = { 'x-correlation-id': 'gone-away' };
  await expect(fetch(url, { headers, signal: AbortSignal.timeout(100) })).rejects.toThrow('timeout');

  const log = await receiver.waitFor(() =>
    receiver.logs().find(({ attributes }) => attributes['correlationId'] === 'gone-away'),
  );
  expect(log).toMatchObject({ body: 'API call', attributes: { statusCode: 499 } });
  const total = await receiver.waitFor(() =>
    receiver
      .metrics()
      .find(({ name, attributes }) => name === 'http_requests_total' && attributes['status_code'] === '499'),
  );
  expect(total).toMatchObject({ value: 1, attributes: { route: '/api/transactions/report' } });
});

it('the load ends when it is told to and sums up what it did', async () => {
  const child = await runFixture({ file: load, args: ['--url', `http://127.0.0.1:${backend.port}`, '--rate', '50'] });
  await receiver.waitFor(() =>
    receiver.spans().some(({ attributes }) => (attributes['correlation.id'] as string).startsWith('load-')),
  );
  child.kill('SIGINT');
  expect(await child.exited).toEqual({ code: 0, signal: null });
  expect(child.stdout).toMatch(/^scenario +requests +p50 +p95 +statuses\n/);
  expect(child.stdout).toMatch(/^register +\d+ .*201: \d+/m);
  expect(child.stderr).toBe('');
});

it('ends by itself after SIGTERM, with everything delivered', async () => {
  const other = await startBackend();
  const response = await fetch(`http://127.0.0.1:${other.port}/api/users/not-an-id`);
  other.kill('SIGTERM');
  expect(await other.exited).toEqual({ code: 0, signal: null });
  const id = response.headers.get('x-correlation-id');
  expect(receiver.spans().filter(({ attributes }) => attributes['correlation.id'] === id)).toHaveLength(1);
  expect(receiver.logs().filter(({ attributes }) => attributes['correlationId'] === id)).toHaveLength(1);
});

it('its embedded PostgreSQL ends with it, however it ends', async () => {
  const other = await startBackend();
  const ports = () =>
    receiver
      .spans()
      .filter(({ resource, attributes }) => resource['process.pid'] === other.pid && 'db.system.name' in attributes)
      .map(({ attributes }) => Number(attributes['server.port']));
  const port = await receiver.waitFor(() => ports().at(0));
  other.kill('SIGKILL');
  await other.exited;
  expect(await waitUntil(() => isRefused(port), { timeoutMs: 5000 })).toBe(true);
});

it('says what is wrong with its configuration', async () => {
  const child = await runFixture({ file: main, env: { PORT: 'http', REDIS_URL: 'localhost' } });
  expect(await child.exited).toMatchObject({ code: 1 });
  expect(child.stderr).toMatch(/^The backend did not start: Configuration is wrong: PORT: .*; REDIS_URL: .*redis:\/\//);
});

async function isRefused(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return false;
  } catch {
    return true;
  } finally {
    socket.destroy();
  }
}
