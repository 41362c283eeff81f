import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Span } from '@opentelemetry/api';
import type { Settings } from '../config/read.ts';

/** Headers whose value never leaves the process, also when they are on a list. */
const secretHeader = /^(?:(?:proxy-)?authorization|cookie|set-cookie)$|token|secret|api-?key|password/;

/** Names of headers, lower case, as the published instrumentations take them. */
export interface CapturedHeaders {
  readonly requestHeaders: string[];
  readonly responseHeaders: string[];
}

let captured: Readonly<Record<'client' | 'server', CapturedHeaders>> = {
  client: { requestHeaders: [], responseHeaders: [] },
  server: { requestHeaders: [], responseHeaders: [] },
};

/** Sets which headers spans carry; called at the start, before there is an instrumentation. */
export function setCapturedHeaders(privacy: Settings['privacy']): void {
  captured = {
    client: { requestHeaders: [...privacy.clientRequestHeaders], responseHeaders: [...privacy.clientResponseHeaders] },
    server: { requestHeaders: [...privacy.serverRequestHeaders], responseHeaders: [...privacy.serverResponseHeaders] },
  };
}

/** The headers that client spans carry. */
export function capturedClientHeaders(): CapturedHeaders {
  return captured.client;
}

/** Puts the headers that were asked for on the span of an incoming request, when it is about to end. */
export function captureServerHeaders(span: Span, request: IncomingMessage, response: ServerResponse): void {
  for (const name of captured.server.requestHeaders) setHeader(span, 'request', name, request.headers[name]);
  for (const name of captured.server.responseHeaders) setHeader(span, 'response', name, response.getHeader(name));
}

function setHeader(span: Span, message: string, name: string, value: number | string | string[] | undefined): void {
  if (value === undefined) return;
  span.setAttribute(`http.${message}.header.${name}`, Array.isArray(value) ? value : [String(value)]);
}

/** Attributes that may hold a secret because their header is on a list. */
export function secretHeaderAttributes(privacy: Settings['privacy']): string[] {
  const names = (message: string, headers: readonly string[]) =>
    headers.filter((name) => secretHeader.test(name)).map((name) => `http.${message}.header.${name}`);
  return [
    ...names('request', [...privacy.serverRequestHeaders, ...privacy.clientRequestHeaders]),
    ...names('response', [...privacy.serverResponseHeaders, ...privacy.clientResponseHeaders]),
  ];
}
