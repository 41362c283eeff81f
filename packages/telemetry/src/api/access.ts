import { createHash, timingSafeEqual } from 'node:crypto';
import { type IncomingMessage } from 'node:http';
import { isIPv4 } from 'node:net';
import { TelemetryError } from '../errors.ts';
import { errorAnswer, type Answer } from './respond.ts';

const COOKIE = 'crmbet_otel_token';
const MIN_TOKEN_LENGTH = 16;

/** Names and addresses that only this machine reaches. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, '');
  return (
    name === 'localhost' || name.endsWith('.localhost') || name === '::1' || (isIPv4(name) && name.startsWith('127.'))
  );
}

function hostNameOf(request: IncomingMessage): string {
  return (request.headers.host ?? '').replace(/:\d*$/, '');
}

function equal(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function givenToken(request: IncomingMessage): string | undefined {
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return bearer;
  const cookies = (request.headers.cookie ?? '').split(';').map((one) => one.trim());
  const cookie = cookies.find((one) => one.startsWith(`${COOKIE}=`));
  return cookie?.slice(COOKIE.length + 1);
}

/** Decides who may ask. */
export interface Access {
  /** The refusal, or the redirect of a page opened with `?token=`; `undefined` when the request may pass. */
  check(request: IncomingMessage, url: URL): Answer | undefined;
}

/**
 * On a loopback address only requests whose Host is a loopback name pass, so that no web page reaches the API through a name
 * that it rebinds to this machine. On any other address a bearer token is needed, which a browser may bring once as `?token=…`.
 * @throws {TelemetryError} code `LISTEN_FAILED` when a token is needed and absent, or too short
 */
export function createAccess(host: string, token: string | undefined): Access {
  if (token !== undefined && (token.length < MIN_TOKEN_LENGTH || !/^[\w.~+/-]+=*$/.test(token))) {
    throw new TelemetryError(
      'LISTEN_FAILED',
      `The token must have at least ${MIN_TOKEN_LENGTH} characters of A-Z a-z 0-9 - . _ ~ + / =.`,
    );
  }
  if (token === undefined && !isLoopback(host)) {
    throw new TelemetryError(
      'LISTEN_FAILED',
      `The UI and query API on ${host} can be reached from other machines: set a token, or the host to 127.0.0.1.`,
    );
  }
  if (token === undefined) return { check: checkHost };
  return { check: (request, url) => checkToken(request, url, token) };
}

function checkHost(request: IncomingMessage): Answer | undefined {
  if (isLoopback(hostNameOf(request))) return undefined;
  return errorAnswer(403, 'FORBIDDEN_HOST', 'This server answers only to requests for localhost (Host header).');
}

function checkToken(request: IncomingMessage, url: URL, token: string): Answer | undefined {
  const inAddress = url.searchParams.get('token');
  if (inAddress !== null && equal(inAddress, token)) {
    // Out of the address bar and its history.
    url.searchParams.delete('token');
    const cookie = `${COOKIE}=${token}; Path=/; HttpOnly; SameSite=Strict`;
    return {
      status: 303,
      headers: { location: url.pathname + url.search, 'set-cookie': cookie, 'cache-control': 'no-store' },
      body: Buffer.alloc(0),
    };
  }
  if (equal(givenToken(request) ?? '', token)) return undefined;
  return errorAnswer(
    401,
    'UNAUTHORIZED',
    'A token is needed: open the page with ?token=…, or send Authorization: Bearer ….',
    { 'www-authenticate': 'Bearer' },
  );
}
