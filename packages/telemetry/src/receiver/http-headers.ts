import type { IncomingMessage } from 'node:http';
import type { RpcCode } from '../otlp/response.ts';
import type { OtlpEncoding, Signal } from '../otlp/signal.ts';
import { decompressors } from './decompress.ts';
import type { Failure } from './failure.ts';

/** What the head of an acceptable request says about its body. */
export interface RequestHead {
  signal: Signal;
  encoding: OtlpEncoding;
  /** A `Content-Encoding` that `decompress` knows; `identity` for none. */
  compression: string;
}

const signalPaths = new Map<string, Signal>([
  ['/v1/traces', 'traces'],
  ['/v1/metrics', 'metrics'],
  ['/v1/logs', 'logs'],
]);
const contentTypes = new Map<string, OtlpEncoding>([
  ['application/x-protobuf', 'protobuf'],
  ['application/json', 'json'],
]);
export const ALLOWED_METHODS = 'POST, OPTIONS';

/** The signal that a request's path names. */
export function signalOf(request: IncomingMessage): Signal | undefined {
  return signalPaths.get((request.url ?? '').replace(/\?.*$/s, ''));
}

/** The encoding that a request's content type names. */
export function encodingOf(request: IncomingMessage): OtlpEncoding | undefined {
  return contentTypes.get(firstToken(request.headers['content-type']));
}

export function mediaType(encoding: OtlpEncoding): string {
  return encoding === 'protobuf' ? 'application/x-protobuf' : 'application/json';
}

/** Checks method, path, content type and content encoding. */
export function checkHead(request: IncomingMessage): RequestHead | Failure {
  const signal = signalOf(request);
  if (signal === undefined) {
    const paths = Array.from(signalPaths.keys()).join(', ');
    return failure(404, 'NOT_FOUND', `There is nothing at this path: OTLP is taken at ${paths}`);
  }
  if (request.method !== 'POST') {
    const message = `Method ${request.method ?? ''} is not allowed: export requests are POSTed`;
    return failure(405, 'UNIMPLEMENTED', message, { allow: ALLOWED_METHODS });
  }
  const encoding = encodingOf(request);
  if (encoding === undefined) {
    const allowed = Array.from(contentTypes.keys()).join(' or ');
    return failure(415, 'INVALID_ARGUMENT', `Content-Type must be ${allowed}`);
  }
  const compression = firstToken(request.headers['content-encoding']) || 'identity';
  if (!decompressors.has(compression)) {
    const allowed = Array.from(decompressors.keys()).join(', ');
    const message = `Content-Encoding must be one of ${allowed}`;
    return failure(415, 'INVALID_ARGUMENT', message, { 'accept-encoding': allowed });
  }
  return { signal, encoding, compression };
}

/**
 * Only pages of this machine may send telemetry: any page that a browser shows could otherwise write into the store.
 * Programs that are no browser send no `Origin`.
 */
export function isForeignOrigin(origin: string | undefined): boolean {
  return origin !== undefined && !/^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i.test(origin);
}

export const foreignOrigin: Failure = failure(
  403,
  'PERMISSION_DENIED',
  'Browsers may send telemetry from pages of this machine only (localhost, 127.0.0.1, [::1])',
);

function failure(httpStatus: number, code: RpcCode, message: string, headers = {}): Failure {
  return { httpStatus, status: { code, message }, headers };
}

function firstToken(header: string | undefined): string {
  return (header ?? '').replace(/;.*$/s, '').trim().toLowerCase();
}
