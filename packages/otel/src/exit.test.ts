import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { runFixture, startOtlpServer, waitUntil, type Fixture } from '@crmbet/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';

const packageRoot = join(__dirname, '..');
const record = `require('@opentelemetry/api').trace.getTracer('t').startSpan('last').end();`;
const stay = `require('node:http').createServer().listen(0, '127.0.0.1', () => console.log('ready'));`;

function run(code: string, endpoint: string, readyPattern?: RegExp, env = {}): Promise<Fixture> {
  return runFixture({
    args: ['-e', code],
    cwd: packageRoot,
    nodeArgs: ['--require', '@crmbet/otel'],
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, ...env },
    ...(readyPattern ? { readyPattern } : {}),
  });
}

/** Accepts connections and never answers. */
async function startSilentServer(): Promise<string> {
  const server = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('what waits is delivered', () => {
  it.each([
    ['when nothing is left to do', record, { code: 0, signal: null }],
    [
      'when work is done in beforeExit',
      `process.once('beforeExit', () => setTimeout(() => { ${record} }, 50));`,
      { code: 0, signal: null },
    ],
    ['at process.exit()', `${record} process.exit(3);`, { code: 3, signal: null }],
    ['when an exception ends it', `${record} throw new Error('on purpose');`, { code: 1, signal: null }],
    ['when a rejection ends it', `${record} Promise.reject(new Error('on purpose'));`, { code: 1, signal: null }],
  ])('%s', async (_name, code, exit) => {
    const otlp = await startOtlpServer();
    const app = await run(code, otlp.url);
    expect(await app.exited).toEqual(exit);
    expect(otlp.spans().map(({ name }) => name)).toEqual(['last']);
    expect(otlp.metrics().map(({ name }) => name)).toContain('nodejs_eventloop_lag_seconds');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('on %s, and the process dies of it', async (signal) => {
    const otlp = await startOtlpServer();
    const app = await run(`${record} ${stay}`, otlp.url, /ready/);
    app.kill(signal);
    expect(await app.exited).toEqual({ code: null, signal });
    expect(otlp.spans().map(({ name }) => name)).toEqual(['last']);
  });
});

describe("an application's own signal handler decides", () => {
  it('how it ends', async () => {
    const otlp = await startOtlpServer();
    const app = await run(`${record} ${stay} process.on('SIGTERM', () => process.exit(7));`, otlp.url, /ready/);
    app.kill('SIGTERM');
    expect(await app.exited).toEqual({ code: 7, signal: null });
    expect(otlp.spans().map(({ name }) => name)).toEqual(['last']);
  });

  it.each(['on', 'once', 'prependOnceListener'])('whether it ends (%s)', async (method) => {
    const otlp = await startOtlpServer();
    const handler = `process.${method}('SIGTERM', () => console.log('stays'));`;
    const later = `process.on('SIGUSR2', () => process.exit(4));`;
    const app = await run(`${record} ${stay} ${handler} ${later}`, otlp.url, /ready/);
    app.kill('SIGTERM');
    await otlp.waitFor((server) => server.spans().length === 1);
    await waitUntil(() => app.stdout.includes('stays'));
    app.kill('SIGUSR2');
    expect(await app.exited).toEqual({ code: 4, signal: null });
  });

  it('with signal-exit, which ends the process when nobody else listens', async () => {
    const otlp = await startOtlpServer();
    const hook = `require('signal-exit').onExit((code, signal) => console.log('signal-exit', signal));`;
    const app = await run(`${record} ${hook} ${stay}`, otlp.url, /ready/);
    app.kill('SIGTERM');
    expect(await app.exited).toEqual({ code: null, signal: 'SIGTERM' });
    expect(app.stdout).toContain('signal-exit SIGTERM');
    expect(otlp.spans().map(({ name }) => name)).toEqual(['last']);
  });
});

describe('an endpoint that does not answer', () => {
  it.each([
    ['exits by itself', record],
    ['exits with process.exit()', `${record} process.exit(0)`],
  ])('does not hold up a process that %s', async (_name, code) => {
    // Longer than what a fixture is given before it is killed: only the bound of the flush ends it in time.
    const app = await run(code, await startSilentServer(), undefined, { OTEL_EXPORTER_OTLP_TIMEOUT: '60000' });
    expect(await app.exited).toEqual({ code: 0, signal: null });
  });

  it('lets a second signal end the process at once', async () => {
    const signals = `setTimeout(() => console.log('late'), 1000); process.emit('SIGINT'); process.emit('SIGINT');`;
    const app = await run(`${record} ${signals}`, await startSilentServer());
    expect(await app.exited).toEqual({ code: null, signal: 'SIGINT' });
    expect(app.stdout).toBe('');
  });
});
