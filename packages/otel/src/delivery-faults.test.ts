import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { runFixture, startOtlpServer, waitUntil, type OtlpServer } from '@crmbet/testkit';
import { afterEach, describe, expect, it } from 'vitest';

const packageRoot = join(__dirname, '..');
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function startApp(env: Record<string, string>) {
  const app = await runFixture({
    file: 'src/fixtures/express-app.cjs',
    cwd: packageRoot,
    nodeArgs: ['--require', '@crmbet/otel'],
    env: {
      OTEL_BSP_SCHEDULE_DELAY: '20',
      OTEL_METRIC_EXPORT_INTERVAL: '500',
      OTEL_EXPORTER_OTLP_TIMEOUT: '300',
      ...env,
    },
    readyPattern: /listening on (\d+)/,
  });
  return { app, get: async () => (await fetch(`http://127.0.0.1:${app.port}/`)).status };
}

/** Spans that were given up, by the SDK's own metric. */
function droppedSpans(otlp: OtlpServer) {
  return otlp.waitFor((server) =>
    server
      .metrics()
      .find(
        ({ name, attributes }) =>
          name === 'otel.sdk.processor.span.processed' && attributes['error.type'] === 'export_failed',
      ),
  );
}

describe('an endpoint that answers', () => {
  it.each([
    ['400', 400],
    ['404', 404],
    ['500', 500],
    ['a redirect', 307],
    ['nothing, ever', 0],
  ])('%s: one line, the application answers, and the drops are told when it is back', async (_name, status) => {
    const [otlp, elsewhere] = [await startOtlpServer(), await startOtlpServer()];
    otlp.respondWith(status, { location: `${elsewhere.url}/v1/traces` });
    const { app, get } = await startApp({ OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url });
    expect(await get()).toBe(200);
    await otlp.waitFor((server) => server.requests.some(({ path }) => path === '/v1/traces'));
    await waitUntil(() => app.stderr.includes('cannot be delivered'));
    expect(await get()).toBe(200);
    expect(app.stderr.match(/cannot be delivered/g)).toHaveLength(1);
    otlp.respondWith(200);
    expect((await droppedSpans(otlp)).value).toBeGreaterThanOrEqual(1);
    expect(await get()).toBe(200);
    await otlp.waitFor((server) => server.spans().length > 0);
    await waitUntil(() => app.stderr.includes('is delivered'));
    expect(elsewhere.requests).toEqual([]);
    expect((await app.stop()).signal).toBe('SIGTERM');
  });

  it('later than the next interval: nothing is said before the time limit of the export', async () => {
    const otlp = await startOtlpServer();
    otlp.respondWith(0);
    const { app, get } = await startApp({
      OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
      OTEL_METRIC_EXPORT_INTERVAL: '50',
      OTEL_EXPORTER_OTLP_TIMEOUT: '60000',
    });
    await get();
    await otlp.waitFor((server) => server.requests.filter(({ path }) => path === '/v1/metrics').length >= 3);
    expect(app.stderr).toBe('');
    expect((await app.stop()).signal).toBe('SIGTERM');
  });

  it('200 and garbage: taken for delivered', async () => {
    const otlp = await startOtlpServer();
    otlp.respondWith(200, { 'content-type': 'application/x-protobuf' }, Buffer.alloc(3000, 0xff));
    const { app, get } = await startApp({ OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url });
    await get();
    await otlp.waitFor((server) => server.requests.some(({ path }) => path === '/v1/traces'));
    expect(await get()).toBe(200);
    expect(app.stderr).not.toContain('cannot be delivered');
    expect((await app.stop()).signal).toBe('SIGTERM');
  });
});

describe('an endpoint that', () => {
  /** Listens on TCP and does as it likes with what connects. */
  async function startBroken(answer: (socket: Socket) => void): Promise<string> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined));
      socket.once('data', () => answer(socket));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it.each<[string, (socket: Socket) => void]>([
    ['speaks no HTTP', (socket) => socket.end('\u0000\u0001garbage\r\n\r\n')],
    ['hangs up', (socket) => socket.destroy()],
    ['breaks off in the middle of the head', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-')],
    [
      'drips its head',
      (socket) => {
        const timer = setInterval(() => socket.write('HTTP/1.1 200 OK\r\nx'.slice(0, 1)), 20);
        socket.on('close', () => clearInterval(timer));
      },
    ],
  ])('%s: drops are counted, the application answers and ends', async (_name, answer) => {
    const otlp = await startOtlpServer();
    const { app, get } = await startApp({
      OTEL_EXPORTER_OTLP_ENDPOINT: await startBroken(answer),
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${otlp.url}/v1/metrics`,
    });
    expect(await get()).toBe(200);
    expect((await droppedSpans(otlp)).value).toBeGreaterThanOrEqual(1);
    expect(await get()).toBe(200);
    expect((await app.stop()).signal).toBe('SIGTERM');
  });

  it('answers without end: what is read of it is bounded', async () => {
    let written = 0;
    const endpoint = await startBroken((socket) => {
      const chunk = Buffer.alloc(65_536, 'x');
      const pour = () => {
        while (socket.writable && socket.write(chunk)) written += chunk.length;
      };
      socket.on('drain', pour).write('HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\n\r\n');
      pour();
      socket.on('close', () => (written = Number.NaN));
    });
    const { app, get } = await startApp({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_METRICS_EXPORTER: 'none' });
    await get();
    // The application closes the connection: not a number stands for closed.
    await waitUntil(() => Number.isNaN(written));
    expect(await get()).toBe(200);
    expect((await app.stop()).signal).toBe('SIGTERM');
  });
});
