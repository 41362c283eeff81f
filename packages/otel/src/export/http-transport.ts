import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Agent } from 'node:http';
import type { ExportResponse, IExporterTransport } from '@opentelemetry/otlp-exporter-base';
import { OtelError } from '../errors.ts';
import { post } from './http-request.ts';
import type { OtlpTarget } from './otlp-target.ts';
import type { Reachability } from './reachability.ts';

const contentTypes = { 'http/protobuf': 'application/x-protobuf', 'http/json': 'application/json', grpc: '' } as const;
const firstPauseMs = 1000;
const longestPauseMs = 5000;

/** A transport that can be told that the process is about to end: then it tries once and does not wait. */
export interface HttpTransport extends IExporterTransport {
  setHurried(hurried: boolean): void;
  /** Bodies, not compressed, that are on their way and not yet handed to the operating system. */
  unwritten(): readonly Uint8Array[];
}

/** Headers of an export: those of the settings, and what the body needs. */
export function exportHeaders(target: OtlpTarget): Record<string, string> {
  return {
    ...target.headers,
    'content-type': contentTypes[target.protocol],
    'user-agent': 'crmbet-otel OTel-OTLP-Exporter-JavaScript',
    ...(target.compression === 'gzip' ? { 'content-encoding': 'gzip' } : {}),
  };
}

/**
 * OTLP over HTTP with keep-alive. Retries with a growing, jittered pause until the time limit of the target is up.
 * Neither sockets nor pauses keep the process alive: what waits for a flush does.
 */
export function createHttpTransport(target: OtlpTarget, reachability: Reachability): HttpTransport {
  const headers = exportHeaders(target);
  let agent: Agent | undefined;
  let pauses = new AbortController();
  const unwritten = new Set<Uint8Array>();

  const sendOnce = (data: Uint8Array, body: Uint8Array, timeoutMs: number): Promise<ExportResponse> => {
    agent ??= createAgent(target);
    unwritten.add(data);
    return post({ target, agent, body, headers, timeoutMs, onWritten: () => unwritten.delete(data) });
  };
  const sendUntil = async (data: Uint8Array, deadline: number): Promise<ExportResponse> => {
    const body = target.compression === 'gzip' ? await compress(data) : data;
    let pauseMs = firstPauseMs;
    for (;;) {
      const response = await sendOnce(data, body, Math.max(1, deadline - performance.now()));
      note(response, reachability);
      if (response.status !== 'retryable' || pauses.signal.aborted) return response;
      const waitMs = response.retryInMillis ?? pauseMs * (0.8 + Math.random() * 0.4);
      if (performance.now() + waitMs > deadline) return response;
      unwritten.add(data);
      await pause(waitMs, pauses.signal);
      pauseMs = Math.min(pauseMs * 1.5, longestPauseMs);
    }
  };

  return {
    async send(data, timeoutMs) {
      unwritten.add(data);
      const response = await sendUntil(data, performance.now() + timeoutMs);
      unwritten.delete(data);
      return settle(response, target);
    },
    unwritten: () => [...unwritten],
    setHurried(hurried) {
      if (hurried) pauses.abort();
      else if (pauses.signal.aborted) pauses = new AbortController();
    },
    shutdown() {
      agent?.destroy();
    },
  };
}

function createAgent({ url, tls }: OtlpTarget): Agent {
  const options = { keepAlive: true, maxSockets: 4 };
  if (!url.startsWith('https:')) return new (process.getBuiltinModule('node:http').Agent)(options);
  return new (process.getBuiltinModule('node:https').Agent)({ ...options, ...tls });
}

/** zlib works on its own threads. */
function compress(data: Uint8Array): Promise<Uint8Array> {
  return promisify(process.getBuiltinModule('node:zlib').gzip)(data);
}

/** Waits, unless the process is about to end. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return delay(ms, undefined, { ref: false, signal }).catch(() => undefined);
}

function note(response: ExportResponse, reachability: Reachability): void {
  if (response.status === 'success') reachability.succeeded();
  else reachability.failed(reasonOf(response.error));
}

/** A failure that has been reported here already carries our error class, so that nobody says it twice. */
function settle(response: ExportResponse, target: OtlpTarget): ExportResponse {
  if (response.status === 'success') return response;
  const message = `${target.signal} not delivered to ${target.url}: ${reasonOf(response.error)}`;
  return { status: 'failure', error: new OtelError('NOT_DELIVERED', message, { cause: response.error }) };
}

function reasonOf(error: Error | undefined): string {
  if (error === undefined) return 'no reason given';
  const code: unknown = 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : error.message || error.name;
}
