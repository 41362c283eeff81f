import { connect as connectHttp2 } from 'node:http2';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import type { ConnectionOptions } from 'node:tls';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { once } from 'node:events';
import { runFixture, startOtlpServer, waitUntil, type Fixture, type OtlpServer } from '@crmbet/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const packageRoot = join(__dirname, '..');

describe.each([{}, { FIXTURE_CONTINUE: '1' }])('a server of node:http and its kin (%o)', (env) => {
  let otlp: OtlpServer;
  let app: Fixture;
  let ports: Record<'http' | 'https' | 'http2', number>;

  beforeAll(async () => {
    otlp = await startOtlpServer();
    app = await runFixture({
      file: 'src/fixtures/http-servers.cjs',
      cwd: packageRoot,
      nodeArgs: ['--require', '@crmbet/otel'],
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
        OTEL_BSP_SCHEDULE_DELAY: '20',
        OTEL_METRIC_EXPORT_INTERVAL: '200',
        ...env,
      },
      readyPattern: /listening on (\d+)/,
    });
    ports = JSON.parse(/^ports (.*)$/m.exec(app.stdout)?.[1] ?? '') as typeof ports;
  });

  afterAll(async () => {
    await app.stop();
    await otlp.close();
  });

  const spansOf = (id: string) => otlp.spans().filter(({ attributes }) => attributes['correlation.id'] === id);
  const spanOf = (id: string) => otlp.waitFor(() => spansOf(id)[0]);
  /** Sends raw bytes and gives back everything until the connection ends. */
  const exchange = async (...parts: string[]): Promise<string> => {
    const socket = connect(ports.http, '127.0.0.1');
    for (const part of parts) socket.write(part);
    return text(socket);
  };
  const head = (path: string, id: string, more = '') =>
    `GET ${path} HTTP/1.1\r\nHost: shop.test:8080\r\nX-Correlation-ID: ${id}\r\n${more}\r\n`;

  it('has the attributes of the stable conventions', async () => {
    await exchange(
      head('/path/7?a=1&sig=secret&b=2', 'attributes', 'User-Agent: test\r\nAccept: */*\r\nConnection: close\r\n'),
    );
    const span = await spanOf('attributes');
    expect(span).toMatchObject({ name: 'GET', kind: 'server', status: 'unset', parentSpanId: '' });
    expect(span.attributes).toEqual({
      'correlation.id': 'attributes',
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'url.scheme': 'http',
      'url.path': '/path/7',
      'url.query': 'a=1&sig=REDACTED&b=2',
      'server.address': 'shop.test',
      'server.port': 8080,
      'client.address': '127.0.0.1',
      'network.peer.address': '127.0.0.1',
      'network.peer.port': expect.any(Number),
      'network.protocol.version': '1.1',
      'user_agent.original': 'test',
    });
  });

  it('takes a server error for an error, with its status as the type', async () => {
    await exchange(head('/fail', 'failed', 'Connection: close\r\n'));
    const span = await spanOf('failed');
    expect(span.status).toBe('error');
    expect(span.attributes).toMatchObject({ 'http.response.status_code': 503, 'error.type': '503' });
  });

  it('names a method that nobody knows HTTP', async () => {
    await exchange(head('/', 'method', 'Connection: close\r\n').replace('GET', 'PURGE'));
    const span = await spanOf('method');
    expect(span.name).toBe('HTTP');
    expect(span.attributes).toMatchObject({
      'http.request.method': '_OTHER',
      'http.request.method_original': 'PURGE',
    });
  });

  it('keeps the context in the listeners of request and response, timers and promises', async () => {
    const body = await exchange(
      head('/listeners', 'listeners', 'Content-Length: 4\r\nConnection: close\r\n').replace('GET', 'POST'),
      'data',
    );
    const seen = JSON.parse(body.slice(body.indexOf('{'), body.lastIndexOf('}') + 1)) as Record<string, unknown>;
    const { spanId } = await spanOf('listeners');
    const names = ['data', 'end', 'timeout', 'immediate', 'nextTick', 'promise'];
    expect(seen).toEqual(Object.fromEntries(names.map((name) => [name, { correlationId: 'listeners', spanId }])));
    await waitUntil(() => app.stdout.includes('finish listeners'));
  });

  it('makes one span for each request of a connection that is kept, pipelined or not', async () => {
    const all = await exchange(
      head('/one', 'pipelined-1') +
        head('/created', 'pipelined-2') +
        head('/three', 'pipelined-3', 'Connection: close\r\n'),
    );
    expect(all.match(/^X-Correlation-ID: (.*)\r$/gm)).toEqual(
      [1, 2, 3].map((n) => `X-Correlation-ID: pipelined-${n}\r`),
    );
    const spans = await Promise.all([1, 2, 3].map((n) => spanOf(`pipelined-${n}`)));
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(3);
    expect(spans.map(({ attributes }) => attributes['http.response.status_code'])).toEqual([200, 201, 200]);
  });

  it('counts what its client gave up as 499, also what waits behind another request', async () => {
    const socket = connect(ports.http, '127.0.0.1');
    const before = app.stdout.match(/hanging/g)?.length ?? 0;
    socket.write(head('/hang', 'given-up-1') + head('/hang', 'given-up-2'));
    await waitUntil(() => (app.stdout.match(/hanging/g)?.length ?? 0) === before + 2);
    socket.destroy();
    for (const id of ['given-up-1', 'given-up-2']) {
      const { attributes, status } = await spanOf(id);
      expect(attributes['http.response.status_code']).toBe(499);
      expect(status).toBe('unset');
    }
  });

  it('ends the span of server-sent events with their stream', async () => {
    const all = await exchange(head('/events', 'events', 'Connection: close\r\n'));
    expect(all).toMatch(/data: 1[^]*data: 2/);
    const span = await spanOf('events');
    expect(span.durationMs).toBeGreaterThan(30);
    expect(span.attributes['http.response.status_code']).toBe(200);
  });

  it('counts server-sent events whose client leaves, once', async () => {
    const socket = connect(ports.http, '127.0.0.1');
    socket.write(head('/events', 'left'));
    await once(socket, 'data');
    socket.destroy();
    expect((await spanOf('left')).attributes['http.response.status_code']).toBe(499);
    expect(spansOf('left')).toHaveLength(1);
  });

  it('leaves upgrades alone', async () => {
    const all = await exchange(head('/', 'upgrade', 'Connection: Upgrade\r\nUpgrade: test\r\n'));
    expect(all).toMatch(/^HTTP\/1\.1 101 [^]*upgraded$/);
    await exchange(head('/after', 'after-upgrade', 'Connection: close\r\n'));
    await spanOf('after-upgrade');
    expect(spansOf('upgrade')).toEqual([]);
  });

  it('makes one span of a request with Expect: 100-continue', async () => {
    const all = await exchange(
      head('/listeners', 'expect', 'Expect: 100-continue\r\nContent-Length: 4\r\nConnection: close\r\n').replace(
        'GET',
        'POST',
      ),
      'data',
    );
    expect(all).toMatch(/^HTTP\/1\.1 100 Continue[^]*HTTP\/1\.1 200 OK/);
    await spanOf('expect');
    await exchange(head('/later', 'expect-later', 'Connection: close\r\n'));
    await spanOf('expect-later');
    expect(spansOf('expect')).toHaveLength(1);
  });

  it('ends the span of a handler that throws, and the error goes where it would have gone', async () => {
    const socket = connect(ports.http, '127.0.0.1');
    const id = 'thrown';
    socket.write(head('/throw', id));
    await waitUntil(() => app.stdout.includes('uncaught thrown on purpose'));
    const span = await spanOf(id);
    socket.destroy();
    expect(span).toMatchObject({ status: 'error', attributes: { 'http.response.status_code': 500 } });
    expect(span.events[0]?.attributes).toMatchObject({ 'exception.type': 'TypeError' });
  });

  it('traces HTTP/2 streams', async () => {
    const session = connectHttp2(`http://127.0.0.1:${ports.http2}`);
    const answers = await Promise.all(
      [1, 2].map((n) => text(session.request({ ':path': '/h2?x=1', 'x-correlation-id': `h2-${n}` }))),
    );
    const cancelled = session.request({ ':path': '/hang', 'x-correlation-id': 'h2-cancelled' });
    const before = app.stdout.length;
    await waitUntil(() => app.stdout.slice(before).includes('hanging'));
    cancelled.close(8);
    const last = await spanOf('h2-cancelled');
    expect(last.attributes['http.response.status_code']).toBe(499);
    session.close();
    for (const n of [1, 2]) {
      const span = await spanOf(`h2-${n}`);
      expect(JSON.parse(answers[n - 1] ?? '')).toEqual({ correlationId: `h2-${n}`, spanId: span.spanId });
      expect(span.attributes).toMatchObject({
        'network.protocol.version': '2',
        'url.path': '/h2',
        'url.scheme': 'http',
        'server.port': ports.http2,
        'http.response.status_code': 200,
      });
    }
  });

  it('traces https', async () => {
    const options: RequestOptions & ConnectionOptions = {
      port: ports.https,
      host: '127.0.0.1',
      path: '/tls',
      headers: { 'x-correlation-id': 'tls' },
      ciphers: 'PSK',
      maxVersion: 'TLSv1.2',
      pskCallback: () => ({ psk: Buffer.from('00112233445566778899aabbccddeeff', 'hex'), identity: 'test' }),
      checkServerIdentity: () => undefined,
      agent: false,
    };
    const request = httpsRequest(options).end();
    const [response] = (await once(request, 'response')) as [NodeJS.ReadableStream];
    const { spanId } = await spanOf('tls');
    expect(JSON.parse(await text(response))).toEqual({ correlationId: 'tls', spanId });
    expect((await spanOf('tls')).attributes).toMatchObject({ 'url.scheme': 'https', 'server.port': ports.https });
  });

  it('records http.server.request.duration with the attributes of the conventions', async () => {
    const point = await otlp.waitFor((server) =>
      server
        .metrics()
        .find(
          ({ name, attributes }) =>
            name === 'http.server.request.duration' && attributes['http.response.status_code'] === 503,
        ),
    );
    expect(point.unit).toBe('s');
    expect(point.attributes).toEqual({
      'http.request.method': 'GET',
      'url.scheme': 'http',
      'network.protocol.version': '1.1',
      'http.response.status_code': 503,
      'error.type': '503',
    });
  });
});
