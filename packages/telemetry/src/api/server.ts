import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type TelemetryBackend } from '../query.ts';
import { listen } from '../receiver/listen.ts';
import { createAccess, type Access } from './access.ts';
import { answerFor, errorAnswer, jsonAnswer, send, type Answer } from './respond.ts';
import { route, type ServerFacts } from './routes.ts';
import { staticAnswer } from './static-files.ts';

export interface QueryApiOptions {
  host: string;
  /** 0 picks a free port. */
  port: number;
  backend: TelemetryBackend;
  facts: ServerFacts;
  /** Folder of the built UI; without it only the API is served. */
  webRoot?: string | undefined;
  /** Needed when `host` is not a loopback address. */
  token?: string | undefined;
  /** Takes one line about a fault of this server. */
  report: (line: string) => void;
}

export interface QueryApi {
  port: number;
  close(): Promise<void>;
}

const API_PREFIX = '/api/v1/';
const MAX_CONNECTIONS = 256;
const CLOSE_GRACE_MS = 1000;

function pathOf(pathname: string): string | undefined {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
}

async function answerRequest(request: IncomingMessage, options: QueryApiOptions, access: Access): Promise<Answer> {
  const url = URL.parse(`http://localhost${request.url ?? '/'}`);
  if (url === null || url.host !== 'localhost' || pathOf(url.pathname) === undefined)
    return errorAnswer(400, 'INVALID_QUERY', 'The address cannot be read.');
  const refusal = access.check(request, url);
  if (refusal !== undefined) return refusal;
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return errorAnswer(405, 'METHOD_NOT_ALLOWED', 'Only GET and HEAD are answered.', { allow: 'GET, HEAD' });
  }
  if (!url.pathname.startsWith('/api/')) return staticAnswer(request, pathOf(url.pathname) ?? '/', options.webRoot);
  if (!url.pathname.startsWith(API_PREFIX)) return errorAnswer(404, 'NOT_FOUND', 'The query API is below /api/v1.');
  // Decoded after the split: an ID may hold an encoded slash.
  const path = url.pathname
    .slice(API_PREFIX.length)
    .split('/')
    .map((part) => pathOf(part) ?? '');
  return jsonAnswer(200, await route(options.backend, options.facts, path, url.searchParams));
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  options: QueryApiOptions,
  access: Access,
): Promise<void> {
  let answer: Answer;
  try {
    answer = await answerRequest(request, options, access);
  } catch (error) {
    answer = answerFor(error);
    if (answer.status === 500) {
      options.report(
        `crmbet-otel: the query API failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    }
  }
  await send(request, response, answer);
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
    server.close(() => {
      clearTimeout(force);
      resolve();
    });
    server.closeIdleConnections();
  });
}

/**
 * Serves the query API (`/api/v1`, JSON, GET only) and the UI.
 * @throws {TelemetryError} code `PORT_IN_USE`, or `LISTEN_FAILED` when the host needs a token that is absent
 */
export async function startQueryApi(options: QueryApiOptions): Promise<QueryApi> {
  const { host, port } = options;
  const access = createAccess(host, options.token);
  const server = createServer({ connectionsCheckingInterval: 5000, requestTimeout: 10_000, headersTimeout: 10_000 });
  server.maxConnections = MAX_CONNECTIONS;
  server.on('request', (request, response) => {
    response.on('error', () => undefined); // the client went away
    handle(request, response, options, access).catch(() => response.destroy());
  });
  const bound = await listen(server, { host, port, what: 'UI and query API', setting: 'uiPort (--ui-port)' });
  return { port: bound, close: () => closeServer(server) };
}
