import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { runLoad } from './runner.ts';
import { formatSummary } from './statistics.ts';

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A backend that registers users and knows nothing else; the report of 90 days never ends. */
async function startBackend(seen: IncomingMessage[]): Promise<string> {
  server = createServer((request, response) => {
    seen.push(request);
    if (request.url?.includes('days=90')) return;
    const isRegistration = request.method === 'POST' && request.url === '/api/users';
    response.writeHead(isRegistration ? 201 : 404, { 'content-type': 'application/json' });
    response.end(isRegistration ? '{"id":"4b1d2f0e-0000-4000-8000-000000000001"}' : '{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A sequence in [0, 1) that is the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

test('sends the mix: known users, correlation IDs on some requests, aborts', async () => {
  const seen: IncomingMessage[] = [];
  const url = await startBackend(seen);
  const { statistics, progress } = await runLoad({
    url,
    ratePerSecond: 200,
    durationSeconds: 1,
    signal: AbortSignal.timeout(9000),
    onProgress: () => undefined,
    random: seeded(7),
  });

  expect(progress.requests).toBe(200);
  const named = seen.filter((request) => request.headers['x-correlation-id']);
  expect(named.length).toBeGreaterThan(20);
  expect(named.length).toBeLessThan(120);
  expect(new Set(named.map((request) => request.headers['x-correlation-id'])).size).toBe(named.length);
  expect(seen.filter((request) => request.url?.includes('4b1d2f0e')).length).toBeGreaterThan(10);
  const aborted = statistics.find(({ name }) => name === 'report, aborted');
  expect([...(aborted?.statuses.keys() ?? [])]).toEqual([0]);

  const summary = formatSummary(statistics, progress);
  expect(summary).toMatch(/^scenario +requests +p50 +p95 +statuses$/m);
  expect(summary).toMatch(/^register +\d+ +\d+ ms +\d+ ms +201: \d+$/m);
  expect(summary).toMatch(/^200 requests in /m);
}, 20_000);

test('stops when it is told to', async () => {
  const url = await startBackend([]);
  const stop = new AbortController();
  const running = runLoad({
    url,
    ratePerSecond: 50,
    durationSeconds: 3600,
    signal: stop.signal,
    onProgress: () => stop.abort(),
  });
  const { progress } = await running;
  expect(progress.requests).toBeGreaterThan(0);
}, 20_000);
