import { type IncomingMessage, type ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { TelemetryError, type TelemetryErrorCode } from '../errors.ts';

const compress = promisify(gzip);
const COMPRESS_FROM_BYTES = 1024;

/** On every answer: nothing is framed, sniffed, or loaded from elsewhere. */
const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
    "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

const HTTP_STATUS: Readonly<Partial<Record<TelemetryErrorCode, number>>> = { INVALID_QUERY: 400, NOT_FOUND: 404 };

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

export function jsonAnswer(status: number, value: unknown, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body: Buffer.from(JSON.stringify(value)),
  };
}

export function errorAnswer(
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): Answer {
  return jsonAnswer(status, { error: { code, message } }, headers);
}

/** 400 and 404 for what the caller can change, 503 for what the store cannot do now, 500 for a fault of ours (no inner text). */
export function answerFor(error: unknown): Answer {
  if (error instanceof TelemetryError) return errorAnswer(HTTP_STATUS[error.code] ?? 503, error.code, error.message);
  return errorAnswer(500, 'INTERNAL', 'The query API met an error of its own.');
}

function takesGzip(request: IncomingMessage): boolean {
  return /(?:^|,)\s*(?:gzip|\*)\s*(?:;(?!\s*q=0(?:\.0*)?\s*(?:,|$))[^,]*)?(?:,|$)/i.test(
    request.headers['accept-encoding'] ?? '',
  );
}

/** Writes the answer, compressed where it is worth it and the client takes it; without a body for HEAD. */
export async function send(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  const text = /^(?:text\/|application\/(?:json|javascript|manifest)|image\/svg)/.test(
    answer.headers['content-type'] ?? '',
  );
  const headers: Record<string, string> = { ...SECURITY_HEADERS, ...answer.headers };
  let { body } = answer;
  if (text) headers['vary'] = 'accept-encoding';
  if (text && body.length >= COMPRESS_FROM_BYTES && takesGzip(request)) {
    body = await compress(body);
    headers['content-encoding'] = 'gzip';
  }
  if (answer.status !== 304) headers['content-length'] = String(body.length);
  response.writeHead(answer.status, headers);
  response.end(request.method === 'HEAD' || answer.status === 304 ? undefined : body);
}
