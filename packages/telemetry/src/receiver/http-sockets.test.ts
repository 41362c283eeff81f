import { request } from 'node:http';
import { once } from 'node:events';
import { encodeOtlp, waitUntil } from '@crmbet/testkit';
import { afterEach, expect, test } from 'vitest';
import { bytesOf, requestOf, SPAN_ID, TRACE_ID } from '../otlp/messages.test.helper.ts';
import { startHttpReceiver } from './http-receiver.ts';
import type { ReceiverLimits } from './limits.ts';
import { MemoryWriter } from './memory-writer.test.helper.ts';
import { rawSocket } from './raw-socket.test.helper.ts';
import type { Receiver, ReceiverOptions } from './receiver.ts';

const running: Receiver[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((receiver) => receiver.close()));
});

async function start(
  limits: Partial<ReceiverLimits> = {},
  options: Partial<ReceiverOptions> = {},
): Promise<{ receiver: Receiver; writer: MemoryWriter }> {
  const writer = new MemoryWriter();
  const receiver = await startHttpReceiver({ host: '127.0.0.1', port: 0, writer, limits, ...options });
  running.push(receiver);
  return { receiver, writer };
}

const span = { traceId: bytesOf(TRACE_ID), spanId: bytesOf(SPAN_ID) };
const body = Buffer.from(encodeOtlp('traces', requestOf('traces', [span])));
function head(length: number, more = ''): string {
  return `POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\nContent-Length: ${length}\r\n${more}\r\n`;
}

test('pipelined requests are answered in their order', async () => {
  const { receiver, writer } = await start();
  const { socket, closed } = await rawSocket(receiver.port);
  const bad = Buffer.from([0x0a]);
  socket.write(
    Buffer.concat([
      Buffer.from(head(body.length)),
      body,
      Buffer.from(head(bad.length)),
      bad,
      Buffer.from(head(body.length, 'Connection: close\r\n')),
      body,
    ]),
  );
  const statuses = [...(await closed()).matchAll(/HTTP\/1\.1 (\d+)/g)].map((match) => match[1]);
  expect(statuses).toEqual(['200', '400', '200']);
  expect(writer.records.spans).toHaveLength(2);
});

test('a body in chunks', async () => {
  const { receiver, writer } = await start();
  const { socket, until } = await rawSocket(receiver.port);
  socket.write(
    'POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\nTransfer-Encoding: chunked\r\n\r\n',
  );
  for (const byte of body) socket.write(Buffer.from([0x31, 0x0d, 0x0a, byte, 0x0d, 0x0a]));
  socket.write('0\r\n\r\n');
  await until(/HTTP\/1\.1 200/);
  expect(writer.records.spans).toHaveLength(1);
});

test('an upload that breaks off harms nothing and is counted', async () => {
  const { receiver, writer } = await start();
  const { socket } = await rawSocket(receiver.port);
  socket.write(head(1000));
  socket.write(body);
  await waitUntil(() => receiver.counts().traces.requests === 1);
  socket.resetAndDestroy();
  await waitUntil(() => receiver.counts().traces.failedRequests === 1);
  const again = await rawSocket(receiver.port);
  again.socket.write(Buffer.concat([Buffer.from(head(body.length)), body]));
  await again.until(/HTTP\/1\.1 200/);
  expect(writer.records.spans).toHaveLength(1);
});

test('the room that broken uploads took is given back', async () => {
  const { receiver } = await start({ maxInFlightBytes: 1500 });
  for (let i = 1; i <= 3; i++) {
    const { socket } = await rawSocket(receiver.port);
    socket.write(head(1400));
    socket.write(Buffer.alloc(1000));
    await waitUntil(() => receiver.counts().traces.requests === i);
    socket.destroy();
    await waitUntil(() => receiver.counts().traces.failedRequests === i);
  }
  const { socket, until } = await rawSocket(receiver.port);
  socket.write(head(1400));
  socket.write(Buffer.alloc(1400));
  expect(await until(/byte \d+/)).toContain('invalid field number');
});

test('a client that goes away while the store writes harms nothing, and its data are kept', async () => {
  const { receiver, writer } = await start();
  let release = (): void => undefined;
  writer.before = async () => {
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    return undefined;
  };
  const { socket, closed } = await rawSocket(receiver.port);
  socket.write(Buffer.concat([Buffer.from(head(body.length)), body]));
  await waitUntil(() => receiver.counts().traces.received === 1);
  socket.resetAndDestroy();
  await closed();
  release();
  await waitUntil(() => receiver.counts().traces.accepted === 1);
  expect(writer.records.spans).toHaveLength(1);
});

test('Expect: 100-continue is answered before the body is sent', async () => {
  const { receiver } = await start();
  const { socket, until } = await rawSocket(receiver.port);
  socket.write(head(body.length, 'Expect: 100-continue\r\n'));
  await until(/HTTP\/1\.1 100 Continue\r\n\r\n/);
  socket.write(body);
  expect(await until(/HTTP\/1\.1 200 OK/)).toMatch(/^HTTP\/1\.1 100/);
});

test('Expect: 100-continue of what will be refused gets the refusal instead', async () => {
  const { receiver } = await start({ maxBodyBytes: 10 });
  const { socket, until } = await rawSocket(receiver.port);
  socket.write(head(body.length, 'Expect: 100-continue\r\n'));
  expect(await until(/\r\n\r\n/)).toMatch(/^HTTP\/1\.1 413/);
});

test('a body that comes too slowly gets 408', async () => {
  const { receiver } = await start({ bodyTimeoutMs: 100 });
  const { socket, until } = await rawSocket(receiver.port);
  socket.write(head(1000));
  socket.write('x');
  const answer = await until(/did not arrive within 100 ms/);
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  expect(answer.toLowerCase()).toContain('connection: close');
});

test('a large upload that is refused can still read why', async () => {
  const { receiver } = await start({ maxBodyBytes: 1000 });
  const large = Buffer.alloc(8 * 1024 * 1024);
  for (const headers of [{ 'content-length': large.length }, { 'transfer-encoding': 'chunked' }]) {
    const client = request({
      port: receiver.port,
      host: '127.0.0.1',
      path: '/v1/traces',
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
    });
    client.end(large);
    const [response] = (await once(client, 'response')) as [{ statusCode: number; resume(): void }];
    response.resume();
    expect(response.statusCode).toBe(413);
  }
});

test.each([
  '\x16\x03\x01 TLS hello',
  'GET\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'POST /v1/traces HTTP/1.1\r\n\r\n',
  'POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n',
])('what is no HTTP/1.1 is refused and harms nothing: %j', async (text) => {
  const { receiver } = await start();
  const { socket, closed } = await rawSocket(receiver.port);
  socket.write(text);
  expect(await closed()).toMatch(/^HTTP\/1\.1 400/);
  const next = await rawSocket(receiver.port);
  next.socket.write(Buffer.concat([Buffer.from(head(body.length)), body]));
  await next.until(/HTTP\/1\.1 200/);
});

test('connections past the limit are closed', async () => {
  const { receiver } = await start({ maxConnections: 1 });
  const first = await rawSocket(receiver.port);
  first.socket.write(head(body.length));
  await waitUntil(() => receiver.counts().traces.requests === 1);
  const second = await rawSocket(receiver.port);
  expect(await second.closed()).toBe('');
  first.socket.write(body);
  await first.until(/HTTP\/1\.1 200/);
});

test('a port in use is one line that names it and what to set', async () => {
  const { receiver } = await start();
  const second = start({}, { port: receiver.port });
  await expect(second).rejects.toMatchObject({ code: 'PORT_IN_USE' });
  await expect(second).rejects.toThrow(
    new RegExp(`^Port ${receiver.port} on 127\\.0\\.0\\.1 is in use.*httpPort[^\\n]*$`),
  );
});

test('an address that is not ours is said so', async () => {
  await expect(start({}, { host: '192.0.2.1' })).rejects.toMatchObject({
    code: 'LISTEN_FAILED',
    message: expect.stringContaining('192.0.2.1'),
  });
});

test('close finishes what is in flight, takes nothing new and frees the port', async () => {
  const { receiver, writer } = await start();
  let release = (): void => undefined;
  writer.before = async () => {
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    return undefined;
  };
  const idle = await rawSocket(receiver.port);
  const { socket, closed } = await rawSocket(receiver.port);
  socket.write(Buffer.concat([Buffer.from(head(body.length)), body]));
  await waitUntil(() => receiver.counts().traces.received === 1);
  const closing = receiver.close();
  await expect(rawSocket(receiver.port)).rejects.toThrow('ECONNREFUSED');
  release();
  await closing;
  expect(await closed()).toMatch(/^HTTP\/1\.1 200/);
  expect(await idle.closed()).toBe('');
  expect(writer.records.spans).toHaveLength(1);
  running.push(await startHttpReceiver({ host: '127.0.0.1', port: receiver.port, writer }));
});

test('close does not wait for ever for a store or a client that hang', async () => {
  const { receiver, writer } = await start({ closeTimeoutMs: 100 });
  writer.before = () => new Promise(() => undefined);
  const hanging = await rawSocket(receiver.port);
  hanging.socket.write(Buffer.concat([Buffer.from(head(body.length)), body]));
  const uploading = await rawSocket(receiver.port);
  uploading.socket.write(head(100_000));
  await waitUntil(() => receiver.counts().traces.requests === 2);
  await receiver.close();
  expect(await Promise.all([hanging.closed(), uploading.closed()])).toEqual(['', '']);
});
