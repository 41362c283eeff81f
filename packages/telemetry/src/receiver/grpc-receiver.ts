import { createServer } from 'node:net';
import type { Server as NetServer, Socket } from 'node:net';
import type { handleUnaryCall, sendUnaryData, ServiceDefinition } from '@grpc/grpc-js';
import { Metadata, Server, ServerCredentials, status as GrpcStatus } from '@grpc/grpc-js';
import { encodeExportResponse, encodeStatus } from '../otlp/response.ts';
import type { Signal } from '../otlp/signal.ts';
import type { Failure } from './failure.ts';
import { failureOf, noRoom } from './failure.ts';
import { Ingest } from './ingest.ts';
import type { ReceiverLimits } from './limits.ts';
import { defaultReceiverLimits } from './limits.ts';
import { listen } from './listen.ts';
import { CLOSE_LINGER_MS, Pending, withinTime } from './pending.ts';
import type { Receiver, ReceiverOptions } from './receiver.ts';

const services: [Signal, string][] = [
  ['traces', 'opentelemetry.proto.collector.trace.v1.TraceService'],
  ['metrics', 'opentelemetry.proto.collector.metrics.v1.MetricsService'],
  ['logs', 'opentelemetry.proto.collector.logs.v1.LogsService'],
];

/**
 * Starts an OTLP/gRPC receiver (opentelemetry.io/docs/specs/otlp, OTLP/gRPC) without TLS: the `Export` method of the
 * trace, metrics and logs services, plain or with gzip. It answers OK when the writer says that the records are durable.
 * @throws {TelemetryError} code `PORT_IN_USE` or `LISTEN_FAILED`
 */
export async function startGrpcReceiver(options: ReceiverOptions): Promise<Receiver> {
  const limits = { ...defaultReceiverLimits, ...options.limits };
  const ingest = new Ingest(options.writer, limits);
  const pending = new Pending();
  const grpc = createGrpcServer(ingest, limits, pending);
  const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  const sockets = new Set<Socket>();
  // A server of our own takes the connections, so that their number is limited and a port in use is our own error.
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    injector.injectConnection(socket);
  });
  server.maxConnections = limits.maxConnections;
  const { host, port } = options;
  const bound = await listen(server, { host, port, what: 'OTLP/gRPC receiver', setting: 'grpcPort (--grpc-port)' });
  return {
    port: bound,
    counts: () => ingest.counts(),
    close: () => close(server, grpc, sockets, pending, limits.closeTimeoutMs),
  };
}

function createGrpcServer(ingest: Ingest, limits: ReceiverLimits, pending: Pending): Server {
  const server = new Server({
    'grpc.max_receive_message_length': limits.maxBodyBytes,
    // Enough for every exporter (they send one request at a time or a few), and a bound on what one connection can make us hold.
    'grpc.max_concurrent_streams': 32,
    // A peer that vanished without a word is noticed.
    'grpc.keepalive_time_ms': 60_000,
    'grpc.keepalive_timeout_ms': 20_000,
  });
  for (const [signal, name] of services) {
    const handler = exportHandler(signal, ingest, limits, pending);
    server.addService(exportService(name), { Export: handler });
  }
  return server;
}

/** Messages stay bytes: they are decoded by our own decoder, whose errors become statuses of the protocol. */
function exportService(name: string): ServiceDefinition {
  const pass = (bytes: Buffer): Buffer => bytes;
  return {
    Export: {
      path: `/${name}/Export`,
      requestStream: false,
      responseStream: false,
      requestSerialize: pass,
      requestDeserialize: pass,
      responseSerialize: pass,
      responseDeserialize: pass,
    },
  };
}

function exportHandler(
  signal: Signal,
  ingest: Ingest,
  limits: ReceiverLimits,
  pending: Pending,
): handleUnaryCall<Buffer, Buffer> {
  const exportAndAnswer = async (request: Buffer, callback: sendUnaryData<Buffer>): Promise<void> => {
    const outcome = await exportOne(signal, request, ingest, limits);
    if (Buffer.isBuffer(outcome)) {
      callback(null, outcome);
      return;
    }
    ingest.countFailure(signal);
    refuse(callback, outcome);
  };
  return ({ request }, callback) => {
    ingest.countRequest(signal);
    pending.add(exportAndAnswer(request, callback));
  };
}

async function exportOne(
  signal: Signal,
  request: Buffer,
  ingest: Ingest,
  limits: ReceiverLimits,
): Promise<Buffer | Failure> {
  const room = ingest.room();
  if (!room.resize(request.length)) return noRoom(limits);
  try {
    const { rejected, message } = await ingest.store(signal, 'protobuf', request);
    return encodeExportResponse(signal, 'protobuf', rejected, message);
  } catch (error) {
    return failureOf(error, signal, limits.retryAfterSeconds);
  } finally {
    room.release();
  }
}

/** The status with its details (RetryInfo, BadRequest) where gRPC clients look for them. */
function refuse(callback: sendUnaryData<Buffer>, { status }: Failure): void {
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', encodeStatus('protobuf', status));
  callback({ code: GrpcStatus[status.code], details: status.message, metadata });
}

async function close(
  server: NetServer,
  grpc: Server,
  sockets: Set<Socket>,
  pending: Pending,
  timeoutMs: number,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  const drained = new Promise<void>((resolve) => {
    grpc.tryShutdown(() => resolve());
  });
  await pending.settled(timeoutMs);
  if (!(await withinTime(drained, Math.max(0, deadline - Date.now())))) grpc.forceShutdown();
  // A session that is closed may still have an answer to send.
  if (await withinTime(closed, CLOSE_LINGER_MS)) return;
  for (const socket of sockets) socket.destroy();
  await closed;
}
