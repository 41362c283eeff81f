import type { Agent, IncomingMessage } from 'node:http';
import type { ExportResponse } from '@opentelemetry/otlp-exporter-base';
import type { OtlpTarget } from './otlp-target.ts';

/** Bytes of an answer that are read; an OTLP answer is a few hundred. */
const maxAnswerBytes = 1_048_576;
/** Statuses after which the protocol lets a client try again (OTLP/HTTP, "Retryable Response Codes"). */
const retryableStatuses = new Set([429, 502, 503, 504]);

/** What one POST needs. */
export interface HttpPost {
  target: OtlpTarget;
  agent: Agent;
  body: Uint8Array;
  headers: Readonly<Record<string, string>>;
  timeoutMs: number;
  /** Called when the whole body has been handed to the operating system. */
  onWritten(): void;
}

/**
 * One POST; never rejects. `ClientRequest` and not `http.request`: that one is patched to trace the application's
 * calls. The socket does not keep the process alive.
 */
export function post({ target, agent, body, headers, timeoutMs, onWritten }: HttpPost): Promise<ExportResponse> {
  const http = process.getBuiltinModule('node:http');
  const url = new URL(target.url);
  return new Promise((resolve) => {
    const request = new http.ClientRequest(
      {
        protocol: url.protocol,
        hostname: url.hostname.replace(/^\[|\]$/g, ''),
        port: url.port || (url.protocol === 'https:' ? 443 : 80),
        path: url.pathname + url.search,
        method: 'POST',
        agent,
        headers: { ...headers, 'content-length': String(body.byteLength) },
      },
      (response) => void answer(response).then(resolve),
    );
    const timer = setTimeout(() => request.destroy(new Error('no answer in time')), timeoutMs).unref();
    request.on('socket', (socket) => socket.unref());
    request.on('error', (error) => resolve({ status: 'retryable', error }));
    request.on('finish', onWritten).on('close', () => clearTimeout(timer));
    request.end(body);
  });
}

async function answer(response: IncomingMessage): Promise<ExportResponse> {
  const status = response.statusCode ?? 0;
  const data = await readAnswer(response);
  if (status >= 200 && status < 300) return data ? { status: 'success', data } : { status: 'success' };
  const error = new Error(`HTTP ${status}`);
  if (!retryableStatuses.has(status)) return { status: 'failure', error };
  const retryInMillis = retryAfterMs(response.headers['retry-after']);
  return { status: 'retryable', error, ...(retryInMillis === undefined ? {} : { retryInMillis }) };
}

/** The body, or nothing when it is broken off or too long: the status has said what matters. */
async function readAnswer(response: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxAnswerBytes) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks);
}

/** Milliseconds that a `Retry-After` of seconds or a date asks for. */
function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
