/**
 * An application that was written without this package in mind, unchanged and with its own command: Parse Server
 * (Express 5 with mounted routers, winston with files and console, PostgreSQL through pg-promise).
 */
import { readFile, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@crmbet/example-backend';
import {
  freePort,
  runFixture,
  startOtlpServer,
  temporaryFolder,
  type Fixture,
  type OtlpServer,
  type ReceivedSpan,
} from '@crmbet/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Exchange {
  status: number;
  correlationId: string;
  body: Record<string, unknown>;
}

const parseServer = createRequire(import.meta.url).resolve('parse-server/bin/parse-server');
let postgres: EmbeddedPostgres;
let receiver: OtlpServer;
let application: Fixture;
let logFolder: string;
let base: string;

/** The requests of the test, in the order in which they are made. */
const exchanges = {} as Record<'create' | 'read' | 'absent' | 'unmatched', Exchange>;

beforeAll(async () => {
  logFolder = temporaryFolder();
  [postgres, receiver] = await Promise.all([startEmbeddedPostgres(), startOtlpServer()]);
  const port = await freePort();
  base = `http://127.0.0.1:${port}/parse`;
  application = await runFixture({
    nodeArgs: ['--require', '@crmbet/otel'],
    file: parseServer,
    cwd: import.meta.dirname,
    env: {
      OTEL_SERVICE_NAME: 'parse-server',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_BSP_SCHEDULE_DELAY: '200',
      OTEL_BLRP_SCHEDULE_DELAY: '200',
      OTEL_METRIC_EXPORT_INTERVAL: '500',
      OTEL_METRIC_EXPORT_TIMEOUT: '500',
      PARSE_SERVER_APPLICATION_ID: 'crm',
      PARSE_SERVER_MASTER_KEY: 'for this test only',
      PARSE_SERVER_DATABASE_URI: postgres.url,
      PARSE_SERVER_ALLOW_CLIENT_CLASS_CREATION: 'true',
      PARSE_SERVER_HOST: '127.0.0.1',
      PARSE_SERVER_URL: base,
      PARSE_SERVER_LOGS_FOLDER: logFolder,
      PORT: String(port),
      JSON_LOGS: '1',
      VERBOSE: '1',
    },
    readyPattern: /parse-server running on/,
    timeoutMs: 40_000,
  });

  exchanges.create = await send('POST', '/classes/Player', { 'x-correlation-id': 'real-create' }, { name: 'Ana' });
  const id = String(exchanges.create.body['objectId']);
  exchanges.read = await send('GET', `/classes/Player/${id}`, { 'x-request-id': 'real-read' });
  exchanges.absent = await send('GET', '/classes/Player/nobody', {});
  exchanges.unmatched = await send('GET', '/no/such/route/at/all', {});

  // Ended as its operator would end it: from here on nothing more can arrive, so "once" means once.
  await application.stop();
});

afterAll(async () => {
  await postgres?.close();
  await receiver?.close();
});

async function send(method: string, path: string, headers: Record<string, string>, body?: object): Promise<Exchange> {
  const response = await fetch(base + path, {
    method,
    headers: { 'x-parse-application-id': 'crm', 'content-type': 'application/json', ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return {
    status: response.status,
    correlationId: response.headers.get('x-correlation-id') ?? '',
    body: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
  };
}

const spansOf = (name: keyof typeof exchanges): ReceivedSpan[] =>
  receiver.spans().filter((span) => span.attributes['correlation.id'] === exchanges[name].correlationId);

function serverSpanOf(name: keyof typeof exchanges): ReceivedSpan {
  const [span, ...more] = spansOf(name).filter(({ kind }) => kind === 'server');
  if (!span || more.length > 0) throw new Error(`${more.length + (span ? 1 : 0)} server spans of ${name}`);
  return span;
}

it('answers as ever, with the correlation ID that came or a new one', () => {
  expect(exchanges.create).toMatchObject({ status: 201, correlationId: 'real-create' });
  expect(exchanges.read).toMatchObject({ status: 200, correlationId: 'real-read', body: { name: 'Ana' } });
  expect(exchanges.absent).toMatchObject({ status: 404, body: { code: 101 } });
  expect(exchanges.unmatched.status).toBe(404);
  expect(exchanges.absent.correlationId).toMatch(/^[0-9a-f-]{36}$/);
  expect(exchanges.unmatched.correlationId).not.toBe(exchanges.absent.correlationId);
});

describe('traces', () => {
  it.each([
    ['create', 'POST /parse/classes/:className', 201],
    ['read', 'GET /parse/classes/:className/:objectId', 200],
    ['absent', 'GET /parse/classes/:className/:objectId', 404],
  ] as const)('%s is named by its route template', (name, spanName, status) => {
    const span = serverSpanOf(name);
    expect(span.name).toBe(spanName);
    expect(span.attributes).toMatchObject({
      'http.route': spanName.split(' ')[1],
      'http.response.status_code': status,
    });
  });

  it('a request that matched nothing has no route and no path in its name', () => {
    const span = serverSpanOf('unmatched');
    expect(span.name).toBe('GET');
    expect(span.attributes).not.toHaveProperty('http.route');
  });

  it('the statements of a request are spans of its trace', () => {
    const server = serverSpanOf('read');
    const statement = spansOf('read').find(
      ({ kind, attributes }) => kind === 'client' && attributes['db.system.name'] === 'postgresql',
    );
    expect(statement).toMatchObject({ traceId: server.traceId });
    expect(spansOf('read').every(({ traceId }) => traceId === server.traceId)).toBe(true);
  });
});

describe('metrics', () => {
  it.each([
    ['POST', '/parse/classes/:className', '201'],
    ['GET', '/parse/classes/:className/:objectId', '200'],
    ['GET', '/parse/classes/:className/:objectId', '404'],
    ['GET', 'unmatched', '404'],
  ])('counts and times %s %s %s once', (method, route, status_code) => {
    const points = receiver
      .metrics()
      .filter(({ attributes }) =>
        Object.entries({ method, route, status_code }).every(([key, value]) => attributes[key] === value),
      );
    const total = points.findLast(({ name }) => name === 'http_requests_total');
    const duration = points.findLast(({ name }) => name === 'http_request_duration_seconds');
    expect(total).toMatchObject({ type: 'sum', monotonic: true, value: 1 });
    expect(duration).toMatchObject({
      type: 'histogram',
      count: 1,
      explicitBounds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    });
  });

  it('times the statements by kind and table', () => {
    const point = receiver
      .metrics()
      .findLast(({ name, attributes }) => name === 'db_query_duration_seconds' && attributes['table'] === 'Player');
    expect(point?.count).toBeGreaterThan(0);
  });
});

describe('log lines', () => {
  const lines = [
    ['create', /^REQUEST for \[POST\] \/parse\/classes\/Player/],
    ['create', /^RESPONSE from \[POST\] \/parse\/classes\/Player/],
    ['read', /^RESPONSE from \[GET\] \/parse\/classes\/Player\//],
    ['absent', /Object not found\.$/],
  ] as const;

  it.each(lines)('of %s: %s arrives once, with the IDs of its request', (name, message) => {
    const found = receiver.logs().filter(({ body, traceId }) => {
      return typeof body === 'string' && message.test(body) && traceId === serverSpanOf(name).traceId;
    });
    expect(found).toHaveLength(1);
    expect(found[0]?.attributes['correlationId']).toBe(exchanges[name].correlationId);
    expect(spansOf(name).map(({ spanId }) => spanId)).toContain(found[0]?.spanId);
  });

  it.each(lines)('of %s: %s carries the IDs in the file and on the console, once', async (name, message) => {
    const server = serverSpanOf(name);
    const file = (await readdir(logFolder)).find((entry) => entry.startsWith('parse-server.info'));
    for (const text of [await readFile(join(logFolder, file ?? ''), 'utf8'), application.stdout]) {
      const records = text
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Record<string, string>)
        .filter((record) => message.test(record['message'] ?? '') && record['trace_id'] === server.traceId);
      expect(records).toHaveLength(1);
      expect(records[0]).toMatchObject({
        correlationId: exchanges[name].correlationId,
        span_id: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
      });
    }
  });

  it('nothing was lost or refused on the way', () => {
    expect(receiver.requests.filter(({ status }) => status !== 200)).toEqual([]);
    expect(application.stderr).not.toMatch(/crmbet/);
  });
});
