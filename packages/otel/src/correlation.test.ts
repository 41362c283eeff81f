import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { join } from 'node:path';
import { runFixture, startOtlpServer, type Fixture, type OtlpServer } from '@crmbet/testkit';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

const packageRoot = join(__dirname, '..');
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

interface Echo extends IncomingHttpHeaders {
  activeTraceId?: string;
}

function startApp(otlp: OtlpServer, file: string, env: Record<string, string> = {}): Promise<Fixture> {
  return runFixture({
    file: `src/fixtures/${file}`,
    cwd: packageRoot,
    nodeArgs: ['--require', '@crmbet/otel'],
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url, OTEL_BSP_SCHEDULE_DELAY: '20', ...env },
    readyPattern: /listening on (\d+)/,
  });
}

/** Answers with the headers it got; not instrumented. */
async function startUpstream(): Promise<string> {
  const server = createServer((request, response) => response.end(JSON.stringify(request.headers)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/up`;
}

describe('the correlation ID of a request', () => {
  let otlp: OtlpServer;
  let app: Fixture;

  beforeAll(async () => {
    otlp = await startOtlpServer();
    app = await startApp(otlp, 'express-app.cjs');
  });

  afterAll(async () => {
    await app.stop();
    await otlp.close();
  });

  const ask = async (headers: Record<string, string>) => {
    const response = await fetch(`http://127.0.0.1:${app.port}/headers`, { headers });
    const { activeTraceId } = (await response.json()) as Echo;
    const id = response.headers.get('x-correlation-id');
    const span = await otlp.waitFor((server) => server.spans().find(({ traceId }) => traceId === activeTraceId));
    expect(span.attributes['correlation.id']).toBe(id);
    return { id, span };
  };

  it('is that of X-Correlation-ID', async () => {
    expect((await ask({ 'x-correlation-id': 'given:1.a_b-c', 'x-request-id': 'other' })).id).toBe('given:1.a_b-c');
  });

  it('is that of X-Request-ID without it', async () => {
    expect((await ask({ 'x-request-id': 'request-1' })).id).toBe('request-1');
  });

  it('is that of the baggage without either', async () => {
    expect((await ask({ baggage: 'a=b,correlation.id=from-baggage' })).id).toBe('from-baggage');
  });

  it('is made when there is none, each time a new one', async () => {
    const [first, second] = [await ask({}), await ask({})];
    expect(first.id).toMatch(uuid);
    expect(second.id).toMatch(uuid);
    expect(first.id).not.toBe(second.id);
  });

  it.each([
    ['too long', { 'x-correlation-id': 'a'.repeat(129) }],
    ['with other characters', { 'x-correlation-id': 'a b<script>' }],
    ['bad in the baggage', { baggage: `correlation.id=${encodeURIComponent('a\r\nSet-Cookie: x=1')}` }],
  ])('is replaced when it is %s', async (_name, headers) => {
    expect((await ask(headers)).id).toMatch(uuid);
  });

  it.each([
    ['traceparent that is none', { traceparent: '00-xyz-1-01' }],
    ['traceparent of zeros', { traceparent: `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01` }],
    ['huge tracestate', { tracestate: Array.from({ length: 500 }, (_, i) => `k${i}=v`).join(',') }],
    [
      'baggage beyond its limits',
      { baggage: Array.from({ length: 400 }, (_, i) => `k${i}=${'v'.repeat(20)}`).join(',') },
    ],
    ['broken baggage', { baggage: '=,;;=%zz,correlation.id' }],
    ['binary', { 'x-correlation-id': Buffer.from([0xe9, 0xff, 0x80]).toString('latin1') }],
  ])('survives a hostile header: %s', async (_name, headers) => {
    const { id, span } = await ask(headers);
    expect(id).toMatch(uuid);
    expect(span.parentSpanId).toBe('');
    expect(app.stderr).toBe('');
  });

  it('cannot split the header: a raw request with a line break in it', async () => {
    const socket = connect(app.port, '127.0.0.1');
    socket.end('GET / HTTP/1.1\r\nHost: x\r\nX-Correlation-ID: a\rSet-Cookie: b=1\r\nConnection: close\r\n\r\n');
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).not.toMatch(/set-cookie/i);
  });

  it('continues the trace of traceparent beside it', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const { span } = await ask({ traceparent: `00-${traceId}-b7ad6b7169203331-01`, 'x-correlation-id': 'with-trace' });
    expect(span).toMatchObject({ traceId, parentSpanId: 'b7ad6b7169203331' });
  });

  it.each(['fetch', 'http'])('goes out with %s in the header, the baggage and the trace', async (client) => {
    const upstream = await startUpstream();
    const response = await fetch(`http://127.0.0.1:${app.port}/call/${client}?url=${encodeURIComponent(upstream)}`, {
      headers: { 'x-correlation-id': `out-${client}`, baggage: 'tenant=7' },
    });
    const sent = (await response.json()) as IncomingHttpHeaders;
    expect(sent['x-correlation-id']).toBe(`out-${client}`);
    expect(String(sent['baggage']).split(',').sort()).toEqual([`correlation.id=out-${client}`, 'tenant=7']);
    const spans = await otlp.waitFor((server) => {
      const found = server.spans().filter(({ attributes }) => attributes['correlation.id'] === `out-${client}`);
      return found.length === 2 && found;
    });
    const [client_, server] = ['client', 'server'].map((kind) => spans.find((span) => span.kind === kind));
    expect(client_).toMatchObject({ traceId: server?.traceId, parentSpanId: server?.spanId });
    expect(sent['traceparent']).toBe(`00-${client_?.traceId}-${client_?.spanId}-01`);
  });

  it.each(['fetch', 'http'])('leaves a header alone that the application sends itself with %s', async (client) => {
    const upstream = await startUpstream();
    const url = `http://127.0.0.1:${app.port}/call/${client}?own=mine&url=${encodeURIComponent(upstream)}`;
    expect(await (await fetch(url)).json()).toMatchObject({ 'x-correlation-id': 'mine' });
  });
});

describe('a plain http server', () => {
  it('has the ID on span and response, also with writeHead, and metrics with the constant route', async () => {
    const otlp = await startOtlpServer();
    const app = await startApp(otlp, 'plain-http.cjs', { OTEL_METRIC_EXPORT_INTERVAL: '100' });
    const response = await fetch(`http://127.0.0.1:${app.port}/any/path/42`, { headers: { 'x-correlation-id': 'p1' } });
    expect(response.headers.get('x-correlation-id')).toBe('p1');
    const point = await otlp.waitFor((server) => server.metrics().find(({ name }) => name === 'http_requests_total'));
    expect(point.attributes).toEqual({ method: 'GET', route: 'unmatched', status_code: '200' });
  });
});

describe('OTEL_PROPAGATORS=none', () => {
  it('sends nothing to others and still takes the ID of a request', async () => {
    const otlp = await startOtlpServer();
    const app = await startApp(otlp, 'express-app.cjs', { OTEL_PROPAGATORS: 'none' });
    const upstream = await startUpstream();
    const response = await fetch(`http://127.0.0.1:${app.port}/call/fetch?url=${encodeURIComponent(upstream)}`, {
      headers: { 'x-correlation-id': 'kept' },
    });
    expect(response.headers.get('x-correlation-id')).toBe('kept');
    const sent = (await response.json()) as IncomingHttpHeaders;
    expect(Object.keys(sent)).not.toEqual(expect.arrayContaining(['x-correlation-id']));
    expect(sent['traceparent']).toBeUndefined();
    expect(sent['baggage']).toBeUndefined();
  });
});
