import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { encodeOtlp } from '@crmbet/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import { TelemetryError } from '../errors.ts';
import { bytesOf, requestOf, SPAN_ID, toJson, TRACE_ID } from '../otlp/messages.test.helper.ts';
import { startHttpReceiver } from './http-receiver.ts';
import type { ReceiverLimits } from './limits.ts';
import { MemoryWriter } from './memory-writer.test.helper.ts';
import type { Receiver } from './receiver.ts';

const running: Receiver[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((receiver) => receiver.close()));
});

interface Setup {
  receiver: Receiver;
  writer: MemoryWriter;
  url: string;
}

async function start(limits: Partial<ReceiverLimits> = {}): Promise<Setup> {
  const writer = new MemoryWriter();
  const receiver = await startHttpReceiver({ host: '127.0.0.1', port: 0, writer, limits });
  running.push(receiver);
  return { receiver, writer, url: `http://127.0.0.1:${receiver.port}` };
}

const span = { traceId: bytesOf(TRACE_ID), spanId: bytesOf(SPAN_ID), name: 'GET /' };
const traces = requestOf('traces', [span]);
const protobuf = Buffer.from(encodeOtlp('traces', traces));
const json = Buffer.from(toJson(traces));
const PROTOBUF = { 'content-type': 'application/x-protobuf' };
const JSON_TYPE = { 'content-type': 'application/json' };

function post(url: string, body: Uint8Array, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, { method: 'POST', body: Buffer.from(body), headers: { ...PROTOBUF, ...headers } });
}

describe('what is taken', () => {
  test.each<[string, Buffer, Record<string, string>]>([
    ['protobuf', protobuf, PROTOBUF],
    ['JSON', json, { 'content-type': 'application/json; charset=utf-8' }],
    ['gzip', gzipSync(protobuf), { 'content-encoding': 'gzip' }],
    ['deflate', deflateSync(json), { ...JSON_TYPE, 'content-encoding': 'deflate' }],
    ['brotli', brotliCompressSync(json), { ...JSON_TYPE, 'content-encoding': 'br' }],
    ['identity', protobuf, { 'content-encoding': 'identity' }],
  ])('%s', async (_, body, headers) => {
    const { url, writer, receiver } = await start();
    const response = await post(`${url}/v1/traces?x=1`, body, headers);
    expect(response.status).toBe(200);
    const type = headers['content-type'] ?? PROTOBUF['content-type'];
    expect(response.headers.get('content-type')).toBe(type.replace(/;.*/, ''));
    expect(await response.text()).toBe(type.startsWith('application/json') ? '{}' : '');
    expect(writer.records.spans).toMatchObject([{ traceId: TRACE_ID, name: 'GET /' }]);
    expect(receiver.counts().traces).toEqual({
      requests: 1,
      failedRequests: 0,
      received: 1,
      accepted: 1,
      rejected: 0,
      refused: 0,
    });
  });

  test('an empty request of each signal is a success and writes nothing', async () => {
    const { url, writer, receiver } = await start();
    writer.before = () => Promise.reject(new Error('written'));
    for (const signal of ['traces', 'metrics', 'logs'] as const) {
      expect((await post(`${url}/v1/${signal}`, Buffer.alloc(0))).status).toBe(200);
      expect(receiver.counts()[signal]).toMatchObject({ requests: 1, failedRequests: 0, received: 0 });
    }
  });

  test('records that are invalid or turned down by the store are a partial success', async () => {
    const { url, writer, receiver } = await start();
    writer.before = () => Promise.resolve({ accepted: 1, rejected: 1, message: 'too old' });
    const body = toJson(requestOf('traces', [span, span, { name: 'no IDs' }]));
    const response = await post(`${url}/v1/traces`, body, JSON_TYPE);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      partialSuccess: { rejectedSpans: '2', errorMessage: 'Rejected 1 spans: empty or all-zero trace_id (1); too old' },
    });
    expect(receiver.counts().traces).toMatchObject({ received: 3, accepted: 1, rejected: 2, refused: 0 });
  });
});

describe('what is refused, and how', () => {
  interface Refusal {
    path?: string;
    method?: string;
    body?: Uint8Array;
    headers?: Record<string, string>;
    limits?: Partial<ReceiverLimits>;
    status: number;
    message: string | RegExp;
    answerHeaders?: Record<string, string>;
  }
  const bomb = gzipSync(Buffer.alloc(3 * 1024 * 1024));

  test.each<[string, Refusal]>([
    [
      'an unknown path',
      { path: '/v1/trace', status: 404, message: 'OTLP is taken at /v1/traces, /v1/metrics, /v1/logs' },
    ],
    [
      'GET',
      { method: 'GET', status: 405, message: 'Method GET is not allowed', answerHeaders: { allow: 'POST, OPTIONS' } },
    ],
    ['PUT with a body', { method: 'PUT', body: protobuf, status: 405, message: 'Method PUT is not allowed' }],
    [
      'no known type',
      {
        headers: { 'content-type': 'text/plain' },
        status: 415,
        message: 'Content-Type must be application/x-protobuf or application/json',
      },
    ],
    [
      'an unknown encoding',
      {
        headers: { 'content-encoding': 'zstd' },
        status: 415,
        message: 'Content-Encoding must be one of identity, gzip, deflate, br',
        answerHeaders: { 'accept-encoding': 'identity, gzip, deflate, br' },
      },
    ],
    [
      'a body that is too large',
      { body: Buffer.alloc(2000), limits: { maxBodyBytes: 1000 }, status: 413, message: 'larger than 1000 bytes' },
    ],
    [
      'a body that becomes too large',
      {
        body: bomb,
        headers: { 'content-encoding': 'gzip' },
        limits: { maxBodyBytes: 1024 * 1024 },
        status: 413,
        message: 'The decompressed body is larger than 1048576 bytes',
      },
    ],
    ['no gzip', { headers: { 'content-encoding': 'gzip' }, status: 400, message: 'The body is not valid gzip: ' }],
    [
      'half of a gzip',
      {
        body: gzipSync(protobuf).subarray(0, 30),
        headers: { 'content-encoding': 'gzip' },
        status: 400,
        message: 'not valid gzip: unexpected end of file',
      },
    ],
    [
      'malformed protobuf',
      {
        body: Buffer.from([0x0a, 5, 1]),
        status: 400,
        message: 'ExportTraceServiceRequest: length 5 goes past the end of the message at byte 1',
      },
    ],
    [
      'malformed JSON',
      {
        body: Buffer.from('{"resourceSpans":7}'),
        headers: JSON_TYPE,
        status: 400,
        message: 'expected an array instead of 7 at $.resourceSpans',
      },
    ],
    [
      'a wrong signal',
      {
        path: '/v1/logs',
        body: encodeOtlp('metrics', requestOf('metrics', [{ name: 'm', gauge: { dataPoints: [{ asInt: '1' }] } }])),
        status: 400,
        message: 'LogRecord: field 1 has wire type 2',
      },
    ],
    [
      'a page from elsewhere',
      { headers: { origin: 'https://example.com' }, status: 403, message: 'pages of this machine only' },
    ],
    [
      'a page that looks local',
      { headers: { origin: 'http://localhost.example.com' }, status: 403, message: 'pages of this machine only' },
    ],
    [
      'more than there is room for',
      {
        limits: { maxInFlightBytes: 10 },
        status: 503,
        message: 'Too much telemetry',
        answerHeaders: { 'retry-after': '1' },
      },
    ],
  ])('%s', async (_, refusal) => {
    const { url, writer, receiver } = await start(refusal.limits);
    const method = refusal.method ?? 'POST';
    const body = method === 'GET' ? null : Buffer.from(refusal.body ?? protobuf);
    const response = await fetch(url + (refusal.path ?? '/v1/traces'), {
      method,
      body,
      headers: { ...PROTOBUF, ...refusal.headers },
    });
    expect(response.status).toBe(refusal.status);
    expect(Object.fromEntries(response.headers)).toMatchObject(refusal.answerHeaders ?? {});
    expect(await response.text()).toContain(refusal.message);
    expect(writer.records.spans).toEqual([]);
    // The next request is served as ever.
    const limits = refusal.limits?.maxInFlightBytes;
    expect((await post(`${url}/v1/traces`, Buffer.alloc(limits === undefined ? 0 : 5, 0))).status).toBe(
      limits === undefined ? 200 : 400,
    );
    expect(receiver.counts().traces.accepted).toBe(0);
  });

  test('errors are a google.rpc.Status in the encoding of the request', async () => {
    const { url } = await start();
    const answers = await Promise.all([
      post(`${url}/v1/traces`, Buffer.from([0x0a])),
      post(`${url}/v1/traces`, Buffer.from('['), JSON_TYPE),
      post(`${url}/nowhere`, protobuf, { 'content-type': 'text/plain' }),
    ]);
    expect(answers.map((answer) => answer.headers.get('content-type'))).toEqual([
      'application/x-protobuf',
      'application/json',
      'application/json',
    ]);
    const [wire, text, other] = answers;
    expect(Buffer.from((await wire?.arrayBuffer()) ?? []).subarray(0, 3)).toEqual(Buffer.from([0x08, 3, 0x12]));
    expect(await text?.json()).toMatchObject({
      code: 3,
      message: expect.stringContaining('no JSON'),
      details: [{ fieldViolations: [{ field: 'ExportTraceServiceRequest' }] }],
    });
    expect(await other?.json()).toMatchObject({ code: 5 });
  });

  test.each<[string, Error, number, string | null]>([
    ['overloaded', new TelemetryError('STORE_OVERLOADED', 'The write queue is full'), 503, '1'],
    ['full', new TelemetryError('STORE_FULL', 'The disk is full'), 507, null],
    ['unusable', new TelemetryError('STORE_UNUSABLE', 'The file is gone'), 500, null],
    ['broken', new Error('boom'), 500, null],
  ])('a store that is %s', async (_, error, status, retryAfter) => {
    const { url, writer, receiver } = await start();
    writer.before = () => Promise.reject(error);
    const response = await post(`${url}/v1/traces`, json, JSON_TYPE);
    expect([response.status, response.headers.get('retry-after')]).toEqual([status, retryAfter]);
    expect(await response.json()).toMatchObject({ message: expect.stringContaining(error.message) });
    expect(receiver.counts().traces).toEqual({
      requests: 1,
      failedRequests: 1,
      received: 1,
      accepted: 0,
      rejected: 0,
      refused: 1,
    });
  });
});

describe('browsers', () => {
  test.each(['http://localhost:3000', 'http://127.0.0.1', 'https://[::1]:8443'])(
    'a page from %s may send',
    async (origin) => {
      const { url } = await start();
      const preflight = await fetch(`${url}/v1/traces`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type,x-own',
        },
      });
      expect(preflight.status).toBe(204);
      expect(Object.fromEntries(preflight.headers)).toMatchObject({
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': 'content-type,x-own',
        vary: 'Origin',
      });
      const sent = await post(`${url}/v1/traces`, json, { ...JSON_TYPE, origin });
      expect([sent.status, sent.headers.get('access-control-allow-origin')]).toEqual([200, origin]);
    },
  );

  test('a page from elsewhere is not answered for', async () => {
    const { url } = await start();
    const preflight = await fetch(`${url}/v1/traces`, { method: 'OPTIONS', headers: { origin: 'null' } });
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([403, null]);
  });
});
