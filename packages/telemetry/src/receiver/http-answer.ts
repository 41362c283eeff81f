import type { IncomingMessage, ServerResponse } from 'node:http';
import { encodeStatus } from '../otlp/response.ts';
import type { Failure } from './failure.ts';
import { ALLOWED_METHODS, encodingOf, isForeignOrigin, mediaType } from './http-headers.ts';

/** How long the rest of a refused body is read and thrown away, so that the client gets to read the answer. */
const DRAIN_MS = 2_000;

/** Lets pages of this machine read answers (Fetch standard, CORS protocol). */
export function allowOrigin(request: IncomingMessage, response: ServerResponse): void {
  const { origin } = request.headers;
  if (origin === undefined) return;
  response.setHeader('vary', 'Origin');
  if (!isForeignOrigin(origin)) response.setHeader('access-control-allow-origin', origin);
}

/** Answers OPTIONS: what may be sent here, also to a browser that asks before it sends. */
export function answerOptions(request: IncomingMessage, response: ServerResponse): void {
  const headers: Record<string, string> = { allow: ALLOWED_METHODS };
  if (request.headers.origin !== undefined) {
    headers['access-control-allow-methods'] = 'POST';
    headers['access-control-allow-headers'] = request.headers['access-control-request-headers'] ?? 'content-type';
    headers['access-control-max-age'] = '7200';
  }
  response.writeHead(204, headers).end();
}

export function answer(response: ServerResponse, contentType: string, body: Buffer): void {
  response.writeHead(200, { 'content-type': contentType, 'content-length': body.length }).end(body);
}

/** Answers with a google.rpc.Status in the request's encoding (JSON when that is unknown), as OTLP/HTTP wants of every error. */
export function answerFailure(request: IncomingMessage, response: ServerResponse, failure: Failure): void {
  const encoding = encodingOf(request) ?? 'json';
  const body = encodeStatus(encoding, failure.status);
  const headers = { ...failure.headers, 'content-type': mediaType(encoding), 'content-length': body.length };
  if (request.complete || !hasBody(request)) response.writeHead(failure.httpStatus, headers).end(body);
  else
    answerUnread(request, response, () =>
      response.writeHead(failure.httpStatus, { ...headers, connection: 'close' }).write(body),
    );
}

/**
 * Closing a connection with unread bytes resets it, and the client may never see the answer. So the answer goes out
 * whole, the rest of the body is thrown away for a moment, and then the connection is closed.
 */
function answerUnread(request: IncomingMessage, response: ServerResponse, write: () => void): void {
  const timer = setTimeout(done, DRAIN_MS);
  function done(): void {
    clearTimeout(timer);
    request.off('end', done).off('close', done);
    response.end();
  }
  request.on('end', done).on('close', done);
  write();
  request.resume();
}

function hasBody(request: IncomingMessage): boolean {
  return request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
}
