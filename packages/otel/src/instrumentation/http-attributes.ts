import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Attributes } from '@opentelemetry/api';
import { knownHttpMethod } from '@crmbet/metrics';
import { clientAddress, serverAddress } from './forwarded.ts';

/** Query parameters whose value never leaves the process (semantic conventions, `url.query`). */
const secretParameters = /(?:^|&)(?:AWSAccessKeyId|Signature|sig|X-Goog-Signature)=/;
const secretParameter = /((?:^|&)(?:AWSAccessKeyId|Signature|sig|X-Goog-Signature)=)[^&]*/g;

/** Name of a server span before its route is known. */
export function spanName(method: string | undefined): string {
  const known = knownHttpMethod(method);
  return known === '_OTHER' ? 'HTTP' : known;
}

/** `http` or `https`: how the request reached this process. */
function schemeOf(socket: Socket): 'http' | 'https' {
  return (socket as { encrypted?: boolean }).encrypted === true ? 'https' : 'http';
}

/** Attributes of a server span at its start: required and recommended ones of the stable conventions, known without a look at the body. */
export function requestAttributes(request: IncomingMessage): Attributes {
  const { headers, method, socket } = request;
  const known = knownHttpMethod(method);
  const scheme = schemeOf(socket);
  const attributes: Attributes = {
    'http.request.method': known,
    'url.scheme': scheme,
    'network.protocol.version': protocolVersion(request),
    'network.peer.address': socket.remoteAddress,
    'network.peer.port': socket.remotePort,
    'client.address': clientAddress(headers) ?? socket.remoteAddress,
    'user_agent.original': headers['user-agent'],
  };
  if (method !== undefined && known !== method) attributes['http.request.method_original'] = method;
  addServer(attributes, request, scheme);
  addTarget(attributes, request.url ?? '/');
  return attributes;
}

function addServer(attributes: Attributes, { headers }: IncomingMessage, scheme: 'http' | 'https'): void {
  const server = serverAddress(headers, scheme);
  if (server === undefined) return;
  attributes['server.address'] = server.address;
  if (server.port !== undefined) attributes['server.port'] = server.port;
}

/** Path and query of `/path?query`; of an absolute URL, as a proxy gets it, too. */
function addTarget(attributes: Attributes, url: string): void {
  const target = url.startsWith('/') ? url : url.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '');
  const mark = target.indexOf('?');
  attributes['url.path'] = mark < 0 ? target || '/' : target.slice(0, mark) || '/';
  if (mark >= 0 && mark + 1 < target.length) attributes['url.query'] = redactQuery(target.slice(mark + 1));
}

function redactQuery(query: string): string {
  return secretParameters.test(query) ? query.replace(secretParameter, '$1REDACTED') : query;
}

/** `2` and not `2.0`, as the conventions have it. */
function protocolVersion({ httpVersion }: IncomingMessage): string {
  return httpVersion === '2.0' ? '2' : httpVersion;
}
