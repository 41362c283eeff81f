/**
 * Two applications that were written without this package in mind, one behind the other, beside Parse Server (Express):
 * local-web-server (Koa) hands `/api` on to Scalar's mock server (Hono). With and without the preload they answer the same.
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { freePort, runFixture, startOtlpServer, temporaryFolder, waitUntil, type OtlpServer } from '@crmbet/testkit';
import { beforeAll, expect, it } from 'vitest';

const resolve = createRequire(import.meta.url).resolve;
const webServer = join(resolve('local-web-server'), '../bin/cli.js');
const mockServer = join(import.meta.dirname, '../fixtures/mock-server.mjs');

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly body: string;
}
let plain: Answer[];
let preloaded: Answer[];
let otlp: OtlpServer;

const requests = [
  ['GET', '/index.html'],
  ['GET', '/api/players/5'],
  ['POST', '/api/players'],
  ['GET', '/api/nothing/here'],
  ['GET', '/absent.html'],
] as const;

/** Starts both, makes the requests, and stops both. */
async function answers(nodeArgs: string[], endpoint?: string): Promise<Answer[]> {
  const env = (name: string) => ({ OTEL_SERVICE_NAME: name, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
  const cwd = import.meta.dirname;
  const mock = await runFixture({
    file: mockServer,
    cwd,
    nodeArgs,
    env: env('mock'),
    readyPattern: /listening on (\d+)/,
  });
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'index.html'), '<h1>Players</h1>');
  const port = await freePort();
  const args = ['--port', String(port), '--hostname', '127.0.0.1', '--directory', folder];
  const rewrite = ['--rewrite', `/api/(.*) -> http://127.0.0.1:${mock.port}/$1`];
  const web = await runFixture({
    file: webServer,
    args: [...args, ...rewrite],
    cwd,
    nodeArgs,
    env: env('web'),
    readyPattern: /Listening on/,
  });
  const base = `http://127.0.0.1:${port}`;
  await waitUntil(
    () =>
      fetch(`${base}/index.html`, { method: 'HEAD' }).then(
        () => true,
        () => false,
      ),
    { timeoutMs: 20_000 },
  );
  const all: Answer[] = [];
  for (const [method, path] of requests) {
    const response = await fetch(base + path, {
      method,
      headers: { 'x-correlation-id': `real${path.replaceAll('/', '-')}` },
    });
    all.push({ status: response.status, type: response.headers.get('content-type'), body: await response.text() });
  }
  await web.stop();
  await mock.stop();
  return all;
}

beforeAll(async () => {
  otlp = await startOtlpServer();
  plain = await answers([]);
  preloaded = await answers(['--import', '@crmbet/otel'], otlp.url);
}, 120_000);

it('answers as without the preload', () => {
  expect(preloaded).toEqual(plain);
  expect(plain.map(({ status }) => status)).toEqual([200, 200, 201, 404, 404]);
});

it.each([
  ['real-api-players-5', 'GET /players/:playerId'],
  ['real-api-players', 'POST /players'],
])('follows %s through both in one trace', (id, name) => {
  const spans = otlp.spans().filter(({ attributes }) => attributes['correlation.id'] === id);
  const [method] = name.split(' ');
  const inner = spans.find((span) => span.serviceName === 'mock' && span.kind === 'server');
  const call = spans.find(({ spanId }) => spanId === inner?.parentSpanId);
  const outer = spans.find(({ spanId }) => spanId === call?.parentSpanId);
  expect(inner).toMatchObject({ name });
  expect(call).toMatchObject({ kind: 'client', serviceName: 'web' });
  expect(outer).toMatchObject({ kind: 'server', name: `${method} /api/(.*)`, parentSpanId: '' });
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
});

it('gives what matched no route the constant one', () => {
  const names = (id: string) =>
    otlp
      .spans()
      .filter((span) => span.kind === 'server' && span.attributes['correlation.id'] === id)
      .map((span) => span.name);
  expect(names('real-absent.html')).toEqual(['GET']);
  expect(names('real-api-nothing-here').toSorted()).toEqual(['GET', 'GET /api/(.*)']);
});
