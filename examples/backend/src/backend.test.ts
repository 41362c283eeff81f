import { EventEmitter, once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startBackend, type Backend } from './backend.ts';
import { loadConfig } from './config.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './database/embedded-postgres.ts';

const UNKNOWN_USER = '00000000-0000-4000-8000-000000000000';
let postgres: EmbeddedPostgres;
let backend: Backend;

beforeAll(async () => {
  vi.stubEnv('LOG_LEVEL', 'error');
  postgres = await startEmbeddedPostgres();
  backend = await start({ PAYMENT_FAILURE_RATE: '0' });
});

afterAll(async () => {
  await backend.close();
  await postgres.close();
  vi.unstubAllEnvs();
});

/** A backend on a free port. Each has a pool of two, so that two fit the embedded PostgreSQL's connections. */
function start(env: NodeJS.ProcessEnv): Promise<Backend> {
  return startBackend(loadConfig({ PORT: '0', DATABASE_URL: postgres.url, DATABASE_POOL_SIZE: '2', ...env }));
}

interface Answer<Body> {
  status: number;
  body: Body;
}

async function call<Body = Record<string, unknown>>(
  method: string,
  path: string,
  body?: unknown,
  port = backend.port,
): Promise<Answer<Body>> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Body };
}

let registered = 0;
async function register(): Promise<string> {
  registered += 1;
  const user = { name: `Ana ${registered}`, email: `ana${registered}@example.com`, country: 'BR', source: 'ads' };
  const { status, body } = await call<{ id: string }>('POST', '/api/users', user);
  expect(status).toBe(201);
  return body.id;
}

const ML_ANSWER = JSON.stringify({ score: 42, confidence: 0.5, modelVersion: 'v9' });

async function startMlService(listener: RequestListener): Promise<{ url: string; close(): void }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

async function metric(sample: string): Promise<number> {
  const page = await (await fetch(`http://127.0.0.1:${backend.port}/metrics`)).text();
  const line = page.split('\n').find((candidate) => candidate.startsWith(`${sample} `));
  return line === undefined ? 0 : Number(line.slice(sample.length + 1));
}

test('registers a user once, gives it back and counts it', async () => {
  const sample = 'user_registrations_total{country="PT",source="organic"}';
  const before = await metric(sample);
  const user = { name: 'Rui', email: 'rui@example.com', country: 'PT', source: 'organic' };

  const created = await call<{ id: string; createdAt: string }>('POST', '/api/users', user);
  expect(created).toMatchObject({ status: 201, body: { ...user, balance: '0.00' } });
  expect(new Date(created.body.createdAt).toISOString()).toBe(created.body.createdAt);
  expect(await call('GET', `/api/users/${created.body.id}`)).toEqual({ status: 200, body: created.body });
  expect(await call('POST', '/api/users', user)).toMatchObject({ status: 409, body: { error: { code: 'CONFLICT' } } });
  expect(await metric(sample)).toBe(before + 1);
});

test('finds users by a part of the name, wildcards taken literally', async () => {
  const id = await register();
  await call('POST', '/api/users', { name: '100% Bruno', email: 'b@example.com', country: 'AR', source: 'ads' });
  const byName = await call<{ users: { id: string }[] }>('GET', '/api/users?search=ANA&limit=1');
  expect(byName.body.users.map((user) => user.id)).toEqual([id]);
  const byWildcard = await call<{ users: { name: string }[] }>('GET', '/api/users?search=%25');
  expect(byWildcard.body.users.map((user) => user.name)).toEqual(['100% Bruno']);
});

test.each([
  [
    'POST',
    '/api/users',
    { name: 'x', email: 'nobody', country: 'Brazil', source: 'ads' },
    /body\.email.*body\.country/,
  ],
  ['POST', '/api/users', '{"name":', /JSON/],
  ['GET', '/api/users?limit=1000', undefined, /query\.limit/],
  ['GET', '/api/users/7', undefined, /userId/],
  ['POST', '/api/transactions/deposits', { userId: UNKNOWN_USER, amount: -1 }, /body\.amount/],
  ['POST', '/api/predictions/luck', { userId: UNKNOWN_USER }, /modelType.*churn/],
])('%s %s with bad input is answered with what is wrong', async (method, path, body, message) => {
  expect(await call(method, path, body)).toEqual({
    status: 400,
    body: { error: { code: 'INVALID_REQUEST', message: expect.stringMatching(message) as string } },
  });
});

test('answers 404 for what is not there', async () => {
  const notFound = { status: 404, body: { error: { code: 'NOT_FOUND' } } };
  expect(await call('GET', `/api/users/${UNKNOWN_USER}`)).toMatchObject(notFound);
  expect(await call('GET', '/nowhere')).toMatchObject(notFound);
});

test('moves money, refuses what the balance does not cover, keeps the history', async () => {
  const userId = await register();
  const completed = await metric('transactions_total{type="deposit",status="completed"}');
  const rejected = await metric('transactions_total{type="withdrawal",status="rejected"}');

  const deposited = await call('POST', '/api/transactions/deposits', { userId, amount: 100.5 });
  expect(deposited).toMatchObject({ status: 201, body: { status: 'completed', amount: '100.50', currency: 'BRL' } });
  const tooMuch = await call('POST', '/api/transactions/withdrawals', { userId, amount: 100.51 });
  expect(tooMuch).toMatchObject({ status: 409, body: { error: { code: 'INSUFFICIENT_FUNDS' } } });
  const withdrawn = await call('POST', '/api/transactions/withdrawals', { userId, amount: 40 });
  expect(withdrawn).toMatchObject({ status: 201, body: { type: 'withdrawal', status: 'completed' } });

  expect(await call('GET', `/api/users/${userId}`)).toMatchObject({ body: { balance: '60.50' } });
  const history = await call<{ transactions: { status: string }[] }>('GET', `/api/transactions/users/${userId}`);
  expect(history.body.transactions.map(({ status }) => status)).toEqual(['completed', 'rejected', 'completed']);
  expect(await metric('transactions_total{type="deposit",status="completed"}')).toBe(completed + 1);
  expect(await metric('transactions_total{type="withdrawal",status="rejected"}')).toBe(rejected + 1);
});

test('a deposit is credited and completed, or neither', async () => {
  const userId = await register();
  const pool = new Pool({ connectionString: postgres.url });
  await pool.query('UPDATE users SET balance = 999999999999 WHERE id = $1', [userId]);
  await pool.end();
  expect(await call('POST', '/api/transactions/deposits', { userId, amount: 10 })).toMatchObject({ status: 500 });
  const history = await call<{ transactions: object[] }>('GET', `/api/transactions/users/${userId}`);
  expect(history.body.transactions).toMatchObject([{ status: 'pending' }]);
});

test('a payment that the provider refuses is a 502 and a failed deposit', async () => {
  const userId = await register();
  const unlucky = await start({ PAYMENT_FAILURE_RATE: '1' });
  try {
    const refused = await call('POST', '/api/transactions/deposits', { userId, amount: 5 }, unlucky.port);
    expect(refused).toMatchObject({ status: 502, body: { error: { code: 'PAYMENT_FAILED' } } });
  } finally {
    await unlucky.close();
  }
  const history = await call<{ transactions: object[] }>('GET', `/api/transactions/users/${userId}`);
  expect(history.body.transactions).toMatchObject([{ status: 'failed' }]);
  expect(await call('GET', `/api/users/${userId}`)).toMatchObject({ body: { balance: '0.00' } });
});

test('reports every day, those without transactions too', async () => {
  const { body } = await call<{ days: { day: string; count: number }[] }>('GET', '/api/transactions/report?days=3');
  expect(body.days).toHaveLength(3);
  expect(body.days[0]).toMatchObject({ count: 0, deposited: '0' });
});

test('predicts, and counts the prediction', async () => {
  const userId = await register();
  const sample = 'ml_predictions_total{model_type="churn",prediction_type="classification"}';
  const before = await metric(sample);
  const { status, body } = await call<{ score: number }>('POST', '/api/predictions/churn', { userId });
  expect(status).toBe(201);
  expect(body.score).toBeGreaterThan(0.5);
  expect(await metric(sample)).toBe(before + 1);
  expect(await metric('ml_model_accuracy{model_type="churn",model_version="local-1"}')).toBe(0.91);
});

test('asks the ML service where one is configured', async () => {
  const userId = await register();
  const asked: string[] = [];
  const ml = await startMlService((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(asked.length === 1 ? 200 : 503).end(ML_ANSWER);
  });
  const other = await start({ ML_SERVICE_URL: `${ml.url}/v1` });
  try {
    const first = await call('POST', '/api/predictions/value', { userId }, other.port);
    expect(first).toMatchObject({ status: 201, body: { score: 42, modelVersion: 'v9' } });
    const second = await call('POST', '/api/predictions/value', { userId }, other.port);
    expect(second).toMatchObject({ status: 502, body: { error: { code: 'ML_SERVICE_FAILED' } } });
    expect(asked).toEqual(['POST /v1/predict/value', 'POST /v1/predict/value']);
  } finally {
    await other.close();
    ml.close();
  }
});

test('reads a user from the database once', async () => {
  const userId = await register();
  const hits = await metric('cache_hits_total{cache_layer="memory",key_type="user"}');
  const misses = await metric('cache_misses_total{cache_layer="memory",key_type="user"}');
  await call('GET', `/api/users/${userId}`);
  await call('GET', `/api/users/${userId}`);
  expect(await metric('cache_misses_total{cache_layer="memory",key_type="user"}')).toBe(misses + 1);
  expect(await metric('cache_hits_total{cache_layer="memory",key_type="user"}')).toBe(hits + 1);
});

test('an error inside shows nothing of the inside', async () => {
  const userId = await register();
  const pool = new Pool({ connectionString: postgres.url });
  await pool.query('ALTER TABLE predictions RENAME TO predictions_away');
  try {
    expect(await call('POST', '/api/predictions/churn', { userId })).toEqual({
      status: 500,
      body: { error: { code: 'INTERNAL', message: 'The server could not answer this request' } },
    });
  } finally {
    await pool.query('ALTER TABLE predictions_away RENAME TO predictions');
    await pool.end();
  }
});

test('is healthy', async () => {
  expect(await call('GET', '/health')).toMatchObject({ status: 200, body: { status: 'ok', database: 'up' } });
});

test('lets a request in flight end when it closes', async () => {
  const userId = await register();
  const asked = new EventEmitter<{ request: [ServerResponse] }>();
  const ml = await startMlService((_request, response) => asked.emit('request', response));
  const other = await start({ ML_SERVICE_URL: ml.url });
  const request = once(asked, 'request') as Promise<[ServerResponse]>;
  const prediction = call('POST', '/api/predictions/value', { userId }, other.port);
  const [answer] = await request;

  const closed = other.close();
  answer.end(ML_ANSWER);
  expect(await prediction).toMatchObject({ status: 201 });
  await closed;
  await expect(call('GET', '/health', undefined, other.port)).rejects.toThrow('fetch failed');
  ml.close();
});

test('refuses a port that is taken', async () => {
  await expect(start({ PORT: String(backend.port) })).rejects.toThrow('EADDRINUSE');
});
