import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { encodeExportResponse } from '../otlp/response.ts';
import { DecompressQueue } from './decompress.ts';
import type { Failure } from './failure.ts';
import { badData, failureOf, noRoom, tooLarge } from './failure.ts';
import { allowOrigin, answer, answerFailure, answerOptions } from './http-answer.ts';
import { announcedLength, readBody } from './http-body.ts';
import type { RequestHead } from './http-headers.ts';
import { checkHead, foreignOrigin, isForeignOrigin, mediaType, signalOf } from './http-headers.ts';
import type { IngestResult } from './ingest.ts';
import { Ingest } from './ingest.ts';
import type { ReceiverLimits } from './limits.ts';
import { defaultReceiverLimits } from './limits.ts';
import { listen } from './listen.ts';
import { CLOSE_LINGER_MS, Pending, withinTime } from './pending.ts';
import type { Receiver, ReceiverOptions } from './receiver.ts';
import type { Room } from './room.ts';

/**
 * Starts an OTLP/HTTP receiver (opentelemetry.io/docs/specs/otlp, OTLP/HTTP): POST of protobuf or JSON to `/v1/traces`,
 * `/v1/metrics` and `/v1/logs`. It answers 200 when the writer says that the records are durable.
 * @throws {TelemetryError} code `PORT_IN_USE` or `LISTEN_FAILED`
 */
export async function startHttpReceiver(options: ReceiverOptions): Promise<Receiver> {
  const limits = { ...defaultReceiverLimits, ...options.limits };
  const handler = new HttpHandler(new Ingest(options.writer, limits), limits);
  const server = createServer({ connectionsCheckingInterval: 1_000, keepAliveTimeout: 60_000, requestTimeout: 0 });
  server.headersTimeout = Math.min(10_000, limits.bodyTimeoutMs);
  server.maxConnections = limits.maxConnections;
  server.on('request', (request, response) => handler.start(request, response, false));
  server.on('checkContinue', (request, response) => handler.start(request, response, true));
  const { host, port } = options;
  const bound = await listen(server, { host, port, what: 'OTLP/HTTP receiver', setting: 'httpPort (--http-port)' });
  return {
    port: bound,
    counts: () => handler.ingest.counts(),
    close: () => close(server, handler, limits.closeTimeoutMs),
  };
}

async function close(server: Server, handler: HttpHandler, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  handler.closing = true;
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  await handler.pending.settled(timeoutMs);
  server.closeIdleConnections();
  if (!(await withinTime(closed, Math.max(0, Math.min(deadline - Date.now(), CLOSE_LINGER_MS))))) {
    server.closeAllConnections();
  }
}

class HttpHandler {
  readonly ingest: Ingest;
  readonly pending = new Pending();
  closing = false;
  private readonly decompressing = new DecompressQueue();
  private readonly limits: ReceiverLimits;

  constructor(ingest: Ingest, limits: ReceiverLimits) {
    this.ingest = ingest;
    this.limits = limits;
  }

  /** @param expectsContinue the client waits for `100 Continue` before it sends the body (RFC 9110, section 10.1.1) */
  start(request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void {
    // A connection that breaks while being answered is the client's affair.
    response.on('error', () => undefined);
    if (this.closing) response.setHeader('connection', 'close');
    allowOrigin(request, response);
    if (request.method === 'OPTIONS' && !isForeignOrigin(request.headers.origin)) {
      answerOptions(request, response);
      return;
    }
    this.pending.add(this.handle(request, response, expectsContinue));
  }

  private async handle(request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): Promise<void> {
    const signal = signalOf(request);
    if (signal !== undefined) this.ingest.countRequest(signal);
    const head = isForeignOrigin(request.headers.origin) ? foreignOrigin : checkHead(request);
    const outcome = 'httpStatus' in head ? head : await this.export(request, response, head, expectsContinue);
    if (outcome === undefined) return;
    if ('httpStatus' in outcome) {
      if (signal !== undefined) this.ingest.countFailure(signal);
      answerFailure(request, response, outcome);
      return;
    }
    if ('httpStatus' in head) return;
    const body = encodeExportResponse(head.signal, head.encoding, outcome.rejected, outcome.message);
    answer(response, mediaType(head.encoding), body);
  }

  /** Undefined when the client went away before its body was whole. */
  private async export(
    request: IncomingMessage,
    response: ServerResponse,
    head: RequestHead,
    expectsContinue: boolean,
  ): Promise<IngestResult | Failure | undefined> {
    const { maxBodyBytes } = this.limits;
    if (announcedLength(request) > maxBodyBytes) return tooLarge(maxBodyBytes, 'The body');
    if (expectsContinue) response.writeContinue();
    const room = this.ingest.room();
    try {
      const body = await readBody(request, this.limits, room);
      if (body === 'gone') {
        this.ingest.countFailure(head.signal);
        return undefined;
      }
      return 'httpStatus' in body ? body : await this.store(head, body, room);
    } finally {
      room.release();
    }
  }

  private async store(head: RequestHead, body: Buffer, room: Room): Promise<IngestResult | Failure> {
    const { signal, encoding, compression } = head;
    const { maxBodyBytes, retryAfterSeconds } = this.limits;
    const plain = await this.decompressing.run(compression, body, maxBodyBytes);
    if ('problem' in plain) {
      if (plain.problem === 'too large') return tooLarge(maxBodyBytes, 'The decompressed body');
      return badData(signal, `The body is not valid ${compression}: ${plain.reason}`);
    }
    if (!room.resize(plain.body.length)) return noRoom(this.limits);
    try {
      return await this.ingest.store(signal, encoding, plain.body);
    } catch (error) {
      return failureOf(error, signal, retryAfterSeconds);
    }
  }
}
