import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { cleanUpAfterTest } from './clean-up.ts';
import { decodeOtlp, type OtlpSignal } from './otlp-decode.ts';
import { flattenRequest, type ReceivedBatch, type ReceivedLog, type ReceivedSpan } from './otlp-flatten.ts';
import type { ReceivedMetricPoint } from './otlp-flatten-metrics.ts';
import { waitUntil, type WaitOptions } from './wait-until.ts';

export interface OtlpServerOptions {
  /** Default 0: any free port. */
  port?: number;
}

export interface ReceivedRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  /** Bytes of the body as sent, so compressed if it was. */
  size: number;
  /** Status that it was answered with; 0 when it got no answer. */
  status: number;
}

/** An OTLP/HTTP receiver in the test's own process. */
export interface OtlpServer {
  /** `http://127.0.0.1:PORT`, for OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string;
  readonly port: number;
  /** Every request, in order of arrival, refused ones too. */
  readonly requests: readonly ReceivedRequest[];
  /** Records of requests answered with 200, in order of arrival. */
  spans(): ReceivedSpan[];
  logs(): ReceivedLog[];
  /** One entry for every data point. */
  metrics(): ReceivedMetricPoint[];
  /**
   * Resolves with the first truthy result of `predicate`.
   * @throws {Error} when time is up; the message lists what did arrive
   */
  waitFor<T>(
    predicate: (server: OtlpServer) => T,
    options?: Pick<WaitOptions, 'timeoutMs'>,
  ): ReturnType<typeof waitUntil<T>>;
  /** Answers everything from now on like this and keeps no records; 200 without a body goes back to normal, 0 never answers. */
  respondWith(status: number, headers?: Record<string, string>, body?: string | Uint8Array): void;
  /** Forgets what arrived. */
  clear(): void;
  close(): Promise<void>;
}

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string | Uint8Array;
}

const signals: Record<string, OtlpSignal> = { '/v1/traces': 'traces', '/v1/metrics': 'metrics', '/v1/logs': 'logs' };

/** Starts a receiver for `/v1/traces`, `/v1/metrics` and `/v1/logs` (protobuf and JSON, gzip) on 127.0.0.1; closed when the test ends. */
export async function startOtlpServer({ port = 0 }: OtlpServerOptions = {}): Promise<OtlpServer> {
  const batches: ReceivedBatch[] = [];
  const requests: ReceivedRequest[] = [];
  let fault: Answer | undefined;
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await receive(request);
    const answer = fault ?? accept(request, body, batches);
    requests.push({ ...lineOf(request), headers: request.headers, size: body.length, status: answer.status });
    if (answer.status !== 0) respond(response, answer);
  };
  const http = createServer((request, response) => void handle(request, response));
  http.listen(port, '127.0.0.1');
  await once(http, 'listening');
  const bound = (http.address() as AddressInfo).port;
  const close = () => closeServer(http);
  cleanUpAfterTest(close, () => undefined);

  const server: OtlpServer = {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    requests,
    spans: () => batches.flatMap((batch) => batch.spans),
    logs: () => batches.flatMap((batch) => batch.logs),
    metrics: () => batches.flatMap((batch) => batch.metrics),
    waitFor: (predicate, options) =>
      waitUntil(() => predicate(server), {
        ...options,
        message: () => `telemetry that matches ${String(predicate)}\n${describe(server)}`,
      }),
    respondWith(status, headers = {}, body) {
      fault = status === 200 && body === undefined ? undefined : { status, headers, body: body ?? '' };
    },
    clear() {
      batches.length = 0;
      requests.length = 0;
    },
    close,
  };
  return server;
}

function lineOf(request: IncomingMessage) {
  return { method: request.method ?? '', path: request.url ?? '' };
}

async function receive(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    // The client went away in the middle of its body: what came stays visible in `requests`.
  }
  return Buffer.concat(chunks);
}

/** Decodes and keeps one request; the answer follows the OTLP/HTTP protocol. */
function accept(request: IncomingMessage, body: Buffer, batches: ReceivedBatch[]): Answer {
  const { method, path } = lineOf(request);
  const signal = signals[path];
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim();
  if (!signal) return plain(404, `no such path: ${path}`);
  if (method !== 'POST') return plain(405, `method ${method} instead of POST`);
  if (type !== 'application/x-protobuf' && type !== 'application/json') return plain(415, `content type ${type}`);
  try {
    const bytes = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
    const isJson = type === 'application/json';
    batches.push(flattenRequest(decodeOtlp(signal, isJson ? 'json' : 'protobuf', bytes)));
    return { status: 200, headers: { 'content-type': type }, body: isJson ? '{}' : '' };
  } catch (error) {
    return plain(400, `not decodable: ${String(error)}`);
  }
}

function plain(status: number, body: string): Answer {
  return { status, headers: { 'content-type': 'text/plain' }, body };
}

function respond(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, headers).end(body);
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

/** What arrived, short enough for a test's failure message. */
function describe(server: OtlpServer): string {
  const spans = server
    .spans()
    .map((span) => `${span.kind} ${span.name} ${inspect(span.attributes, { breakLength: Infinity })}`);
  const logs = server
    .logs()
    .map((log) => `${log.severityText} ${inspect(log.body)} ${inspect(log.attributes, { breakLength: Infinity })}`);
  const metrics = [...new Set(server.metrics().map((point) => point.name))];
  const requests = server.requests.map(
    ({ method, path, size, status }) => `${method} ${path} ${size} bytes: ${status}`,
  );
  return [
    section('requests', requests),
    section('spans', spans),
    section('logs', logs),
    section('metrics', metrics),
  ].join('\n');
}

function section(title: string, lines: string[]): string {
  const shown = lines.slice(-40).map((line) => `\n  ${line.length > 300 ? `${line.slice(0, 300)}…` : line}`);
  return `${title}: ${lines.length}${lines.length > shown.length ? ` (the last ${shown.length})` : ''}${shown.join('')}`;
}
