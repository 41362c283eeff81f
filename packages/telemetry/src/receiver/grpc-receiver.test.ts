import { once } from 'node:events';
import { connect } from 'node:http2';
import { gzipSync } from 'node:zlib';
import { encodeOtlp, waitUntil } from '@crmbet/testkit';
import type { ServiceError } from '@grpc/grpc-js';
import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import { afterEach, describe, expect, test } from 'vitest';
import { TelemetryError } from '../errors.ts';
import { bytesOf, requestOf, SPAN_ID, TRACE_ID } from '../otlp/messages.test.helper.ts';
import { encodeExportResponse } from '../otlp/response.ts';
import { startGrpcReceiver } from './grpc-receiver.ts';
import type { ReceiverLimits } from './limits.ts';
import { MemoryWriter } from './memory-writer.test.helper.ts';
import { rawSocket } from './raw-socket.test.helper.ts';
import type { Receiver, ReceiverOptions } from './receiver.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(cleanUps.splice(0).map((cleanUp) => cleanUp()));
});

interface Setup {
  receiver: Receiver;
  writer: MemoryWriter;
  client: Client;
}

async function start(limits: Partial<ReceiverLimits> = {}, options: Partial<ReceiverOptions> = {}): Promise<Setup> {
  const writer = new MemoryWriter();
  const receiver = await startGrpcReceiver({ host: '127.0.0.1', port: 0, writer, limits, ...options });
  const client = new Client(`127.0.0.1:${receiver.port}`, credentials.createInsecure());
  cleanUps.push(
    () => receiver.close(),
    () => client.close(),
  );
  return { receiver, writer, client };
}

const EXPORT = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const span = { traceId: bytesOf(TRACE_ID), spanId: bytesOf(SPAN_ID) };
const body = Buffer.from(encodeOtlp('traces', requestOf('traces', [span])));

function call(client: Client, request: Buffer, path = EXPORT, metadata = new Metadata()): Promise<Buffer> {
  const pass = (bytes: Buffer): Buffer => bytes;
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(path, pass, pass, request, metadata, (error, response) => {
      if (error) reject(error);
      else resolve(response ?? Buffer.alloc(0));
    });
  });
}

async function failure(client: Client, request: Buffer, path = EXPORT): Promise<ServiceError> {
  return call(client, request, path).then(
    () => Promise.reject(new Error('It succeeded')),
    (error: unknown) => error as ServiceError,
  );
}

describe('what is taken', () => {
  test('an export, answered with an empty response', async () => {
    const { client, writer, receiver } = await start();
    expect(await call(client, body)).toEqual(Buffer.alloc(0));
    expect(writer.records.spans).toMatchObject([{ traceId: TRACE_ID }]);
    expect(receiver.counts().traces).toMatchObject({ requests: 1, received: 1, accepted: 1 });
  });

  test('records that are invalid by themselves are a partial success', async () => {
    const { client, writer } = await start();
    const request = Buffer.from(encodeOtlp('traces', requestOf('traces', [span, { name: 'no IDs' }])));
    const message = 'Rejected 1 spans: empty or all-zero trace_id (1)';
    expect(await call(client, request)).toEqual(encodeExportResponse('traces', 'protobuf', 1, message));
    expect(writer.records.spans).toHaveLength(1);
  });
});

describe('what is refused, and how', () => {
  test('malformed messages are INVALID_ARGUMENT with BadRequest', async () => {
    const { client, receiver } = await start();
    const error = await failure(client, Buffer.from([0x0a, 5, 1]));
    expect(error).toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: 'ExportTraceServiceRequest: length 5 goes past the end of the message at byte 1',
    });
    expect(String(error.metadata.get('grpc-status-details-bin')[0])).toContain('google.rpc.BadRequest');
    expect(receiver.counts().traces).toMatchObject({ requests: 1, failedRequests: 1 });
    await call(client, body);
  });

  test.each<[string, Error, status, string]>([
    ['overloaded', new TelemetryError('STORE_OVERLOADED', 'queue full'), status.UNAVAILABLE, 'google.rpc.RetryInfo'],
    ['full', new TelemetryError('STORE_FULL', 'disk full'), status.RESOURCE_EXHAUSTED, ''],
    ['broken', new Error('boom'), status.INTERNAL, ''],
  ])('a store that is %s', async (_, thrown, code, detail) => {
    const { client, writer, receiver } = await start();
    writer.before = () => Promise.reject(thrown);
    const error = await failure(client, body);
    expect(error).toMatchObject({ code, details: expect.stringContaining(thrown.message) });
    const details = String(error.metadata.get('grpc-status-details-bin')[0]);
    expect(details.includes('google.rpc.RetryInfo')).toBe(detail !== '');
    expect(receiver.counts().traces).toMatchObject({ failedRequests: 1, received: 1, refused: 1 });
  });

  test('messages that are too large, and unknown services', async () => {
    const { client } = await start({ maxBodyBytes: 1000 });
    expect(await failure(client, Buffer.alloc(2000))).toMatchObject({ code: status.RESOURCE_EXHAUSTED });
    expect(await failure(client, body, '/nobody/Export')).toMatchObject({ code: status.UNIMPLEMENTED });
    await call(client, body);
  });

  test('more than there is room for is UNAVAILABLE', async () => {
    const { client } = await start({ maxInFlightBytes: 10 });
    expect(await failure(client, body)).toMatchObject({ code: status.UNAVAILABLE });
  });
});

/** Sends one gRPC message over bare HTTP/2 and resolves to the `grpc-status` of the answer. */
async function send(port: number, message: Buffer, flag: number): Promise<string> {
  const session = connect(`http://127.0.0.1:${port}`);
  const prefix = Buffer.alloc(5);
  prefix[0] = flag;
  prefix.writeUInt32BE(message.length, 1);
  const headers = { 'content-type': 'application/grpc', 'grpc-encoding': 'gzip', te: 'trailers' };
  const stream = session.request({ ':method': 'POST', ':path': EXPORT, ...headers });
  let code: unknown;
  const note = (received: Record<string, unknown>): void => {
    code = received['grpc-status'] ?? code;
  };
  stream.on('response', note).on('trailers', note).resume();
  stream.end(Buffer.concat([prefix, message]));
  await once(stream, 'close');
  session.close();
  return String(code);
}

describe('compression', () => {
  test('gzip is taken; what is none, or becomes too large, is refused', async () => {
    const { receiver, writer } = await start({ maxBodyBytes: 100_000 });
    expect(await send(receiver.port, gzipSync(body), 1)).toBe('0');
    expect(writer.records.spans).toHaveLength(1);
    expect(await send(receiver.port, Buffer.from('no gzip'), 1)).toBe(String(status.INTERNAL));
    expect(await send(receiver.port, gzipSync(Buffer.alloc(1_000_000)), 1)).toBe(String(status.RESOURCE_EXHAUSTED));
    expect(await send(receiver.port, gzipSync(body), 1)).toBe('0');
  });
});

describe('connections', () => {
  test.each(['GET / HTTP/1.1\r\nHost: x\r\n\r\n', '\x16\x03\x01 TLS hello, or something of the kind'])(
    'what is no HTTP/2 is cut off and harms nothing: %j',
    async (text) => {
      const { receiver, client } = await start();
      const { socket, closed } = await rawSocket(receiver.port);
      socket.write(text);
      await closed();
      expect(await call(client, body)).toEqual(Buffer.alloc(0));
    },
  );

  test('a client that goes away while the store writes harms nothing', async () => {
    const { receiver, writer, client } = await start();
    let release = (): void => undefined;
    writer.before = async () => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return undefined;
    };
    const gone = failure(client, body);
    await waitUntil(() => receiver.counts().traces.received === 1);
    client.close();
    release();
    await gone.catch(() => undefined);
    await waitUntil(() => receiver.counts().traces.accepted === 1);
    expect(writer.records.spans).toHaveLength(1);
  });

  test('a port in use is one line that names it and what to set', async () => {
    const { receiver } = await start();
    const second = startGrpcReceiver({ host: '127.0.0.1', port: receiver.port, writer: new MemoryWriter() });
    await expect(second).rejects.toMatchObject({ code: 'PORT_IN_USE' });
    await expect(second).rejects.toThrow(new RegExp(`^Port ${receiver.port} on 127\\.0\\.0\\.1 .*grpcPort[^\\n]*$`));
  });

  test('close finishes what is in flight and frees the port', async () => {
    const { receiver, writer, client } = await start();
    let release = (): void => undefined;
    writer.before = async () => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return undefined;
    };
    const answer = call(client, body);
    await waitUntil(() => receiver.counts().traces.received === 1);
    const closing = receiver.close();
    release();
    expect(await answer).toEqual(Buffer.alloc(0));
    await closing;
    await expect(rawSocket(receiver.port)).rejects.toThrow('ECONNREFUSED');
  });

  test('close does not wait for ever for a store that hangs', async () => {
    const { receiver, writer, client } = await start({ closeTimeoutMs: 100 });
    writer.before = () => new Promise(() => undefined);
    const answer = failure(client, body);
    await waitUntil(() => receiver.counts().traces.received === 1);
    await receiver.close();
    expect((await answer).code).not.toBe(status.OK);
  });
});
