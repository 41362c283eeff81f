/**
 * The process that takes what the contenders export: OTLP/HTTP, the protocol of the Datadog agent and Sentry's envelopes.
 * Bodies are kept as they come and only counted when asked for, so that counting takes nothing from a measurement.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { count, type ReceivedBody } from './sink-count.ts';

/** More than any contender sends between two counts. */
const MAX_KEPT_BYTES = 1_500_000_000;

let bodies: ReceivedBody[] = [];
let keptBytes = 0;

const answers: Record<string, string> = {
  '/info': JSON.stringify({ version: '7.60.0', endpoints: ['/v0.4/traces', '/v0.5/traces'], client_drop_p0s: false }),
  '/v0.4/traces': JSON.stringify({ rate_by_service: {} }),
  '/v0.5/traces': JSON.stringify({ rate_by_service: {} }),
};

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    keep(request, Buffer.concat(chunks));
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const isOtlp = /^\/v1\/(?:traces|metrics|logs)$/.test(path);
    response.setHeader('content-type', isOtlp ? 'application/x-protobuf' : 'application/json');
    response.end(isOtlp ? '' : (answers[path] ?? '{}'));
  });
});
server.keepAliveTimeout = 60_000;

function keep(request: IncomingMessage, body: Buffer): void {
  keptBytes += body.length;
  if (keptBytes > MAX_KEPT_BYTES) throw new Error('The sink holds more than it may');
  const headers = { encoding: request.headers['content-encoding'], type: request.headers['content-type'] };
  bodies.push({ path: request.url ?? '', ...headers, body });
}

server.listen(0, '127.0.0.1', () => {
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
process.on('message', () => {
  const counted = count(bodies);
  bodies = [];
  keptBytes = 0;
  process.send?.(counted);
});
process.on('disconnect', () => process.exit());
