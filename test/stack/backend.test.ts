/** The example backend under the preload with real servers: one request followed by its ID, and what outages do. */
import { randomUUID } from 'node:crypto';
import type { Correlation, Log, Span } from '@crmbet/telemetry';
import { connect } from 'amqplib';
import { Redis } from 'ioredis';
import { freePort, waitUntil } from '@crmbet/testkit';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createOutage } from './backend-outage.ts';
import { openBackendStage, server, type Answer, type BackendStage, type PreloadedBackend } from './backend-stage.ts';

let stage: BackendStage;

beforeAll(async () => {
  stage = await openBackendStage();
});

afterAll(() => stage.close());

describe('a deposit', () => {
  const service = 'backend-deposit';
  const id = `stack-backend-${randomUUID()}`;
  const environment = () => ({
    REDIS_URL: server('CRMBET_TEST_REDIS_URL'),
    AMQP_URL: server('CRMBET_TEST_AMQP_URL'),
    OTEL_METRIC_EXPORT_INTERVAL: '1000',
    OTEL_METRIC_EXPORT_TIMEOUT: '1000',
  });
  const own = ({ timeline }: Correlation) => ({
    spans: timeline.flatMap((entry) => (entry.kind === 'span' ? [entry.span] : [])),
    logs: timeline.flatMap((entry) => (entry.kind === 'log' ? [entry.log] : [])),
    metrics: timeline.flatMap((entry) => (entry.kind === 'metric' ? [entry.metric] : [])),
  });
  let app: PreloadedBackend;
  let userId: string;
  let answer: Answer;
  let found: Correlation;
  let spans: Span[];
  let logs: Log[];

  beforeAll(async () => {
    app = await stage.start(service, environment());
    userId = await app.register();
    answer = await app.call('POST', '/api/transactions/deposits', { userId, amount: 250.5 }, id);
    // The consumer's records and the request's metrics come last, in exports of their own.
    found = await waitUntil(async () => {
      const correlation = await stage.telemetry.correlate(id);
      const { spans: some, logs: lines, metrics } = own(correlation);
      const kinds = new Set(some.map(({ kind }) => kind));
      const isWhole = kinds.has('server') && kinds.has('consumer') && lines.length >= 3;
      return isWhole && metrics.some(({ name }) => name === 'http_requests_total') && correlation;
    });
    ({ spans, logs } = own(found));
  });

  afterAll(() => app.stop());

  it('is answered with the ID that it came with', () => {
    expect(answer).toMatchObject({ status: 201, correlationId: id, body: { status: 'completed' } });
  });

  it('is one trace from the request to the consumer of its event', () => {
    expect(found).toMatchObject({ idType: 'correlation', correlationIds: [id], traceIds: [expect.any(String)] });
    const nameOf = ({ kind, name }: Span) => `${kind} ${name}`;
    const request = spans.find(({ kind }) => kind === 'server');
    const producer = spans.find(({ kind }) => kind === 'producer');
    const children = spans.filter(({ name, kind }) => name !== 'pg-pool.connect' && kind !== 'server');
    // Sorted: spans that start in the same millisecond have no order.
    expect(children.map(nameOf).toSorted()).toEqual([
      'client BEGIN',
      'client COMMIT',
      'client INSERT transactions',
      'client SELECT users',
      'client UPDATE transactions',
      'client UPDATE users',
      'client del',
      'client get',
      'client set',
      'consumer user.events process',
      'producer publish <default>',
    ]);
    expect(request).toMatchObject({ name: 'POST /api/transactions/deposits', parentSpanId: '' });
    for (const span of children) {
      expect(span.parentSpanId).toBe(span.kind === 'consumer' ? producer?.spanId : request?.spanId);
    }
    expect(spans.every(({ correlationId, serviceName }) => correlationId === id && serviceName === service)).toBe(true);
    expect(new Set(spans.map(({ status }) => status))).toEqual(new Set(['unset']));
  });

  it('has its log lines, the ones of the consumer in its span', () => {
    const spanOf = (kind: string) => spans.find((span) => span.kind === kind)?.spanId;
    const request = { level: 'info', correlationId: id, spanId: spanOf('server'), traceId: found.traceIds[0] };
    const line = (body: string) => logs.filter((log) => log.body === body);
    expect(logs).toHaveLength(3);
    expect(line('Transaction processed')).toMatchObject([{ ...request, attributes: { userId, amount: 250.5 } }]);
    expect(line('API call')).toMatchObject([
      { ...request, attributes: { method: 'POST', endpoint: '/api/transactions/deposits', statusCode: 201 } },
    ]);
    expect(line('User action')).toMatchObject([
      { ...request, spanId: spanOf('consumer'), attributes: { userId, action: 'transaction.completed' } },
    ]);
  });

  it('leads to the metrics that it moved', () => {
    const { metrics } = own(found);
    expect(new Set(metrics.map(({ name, labels }) => `${name} ${labels['cache_layer'] ?? ''}`.trim()))).toEqual(
      new Set([
        'cache_misses_total memory',
        'cache_misses_total redis',
        'db_query_duration_seconds',
        'transaction_amount',
        'transactions_total',
        'http_request_duration_seconds',
        'http_requests_total',
      ]),
    );
    const labels = { method: 'POST', route: '/api/transactions/deposits', status_code: '201' };
    expect(metrics).toContainEqual(expect.objectContaining({ name: 'http_requests_total', labels, via: 'exemplar' }));
  });

  it('is counted once wherever it is counted, on the page and over OTLP', async () => {
    // The deposit has dropped the user from both layers: this reads the database, and the next one memory.
    const read = () => app.call('GET', `/api/users/${userId}`);
    expect(await read()).toMatchObject({ status: 200, body: { balance: '250.50' } });
    expect(await read()).toMatchObject({ status: 200 });
    const deposits = { method: 'POST', route: '/api/transactions/deposits', status_code: '201' };
    const reads = { method: 'GET', route: '/api/users/:userId', status_code: '200' };
    const user = (cacheLayer: string) => ({ cache_layer: cacheLayer, key_type: 'user' });
    const query = (type: string, table: string) => ({ query_type: type, table });
    await expectCounts(app, service, [
      ['http_requests_total', deposits, 1],
      ['http_request_duration_seconds_count', deposits, 1],
      ['http_requests_total', reads, 2],
      ['cache_misses_total', user('memory'), 2],
      ['cache_misses_total', user('redis'), 2],
      ['cache_hits_total', user('memory'), 1],
      ['cache_hits_total', user('redis'), 0],
      ['db_query_duration_seconds_count', query('INSERT', 'users'), 1],
      ['db_query_duration_seconds_count', query('SELECT', 'users'), 2],
      ['db_query_duration_seconds_count', query('INSERT', 'transactions'), 1],
      ['db_query_duration_seconds_count', query('UPDATE', 'transactions'), 1],
      ['db_query_duration_seconds_count', query('UPDATE', 'users'), 1],
      ['user_registrations_total', { country: 'BR', source: 'ads' }, 1],
      ['transactions_total', { type: 'deposit', status: 'completed' }, 1],
      ['transaction_amount_count', { type: 'deposit', currency: 'BRL' }, 1],
    ]);
    expect((await app.samples()).get('transaction_amount_sum{type="deposit",currency="BRL"}')).toBe(250.5);
    expect((await app.samples()).get('db_connections_max')).toBe(6);
  });

  it('leaves the user in Redis, where another process finds it', async () => {
    const other = await stage.start('backend-other', environment());
    try {
      expect(await other.call('GET', `/api/users/${userId}`)).toMatchObject({ body: { balance: '250.50' } });
      await expectCounts(other, 'backend-other', [
        ['cache_misses_total', { cache_layer: 'memory', key_type: 'user' }, 1],
        ['cache_hits_total', { cache_layer: 'redis', key_type: 'user' }, 1],
        ['db_query_duration_seconds_count', { query_type: 'SELECT', table: 'users' }, 0],
      ]);
    } finally {
      await other.stop();
    }
  });
});

const times = (app: PreloadedBackend, text: string) => app.stdout.split(text).length - 1;

/** A request of each kind that uses the servers. */
async function work(app: PreloadedBackend): Promise<void> {
  const userId = await app.register();
  const deposit = await app.call('POST', '/api/transactions/deposits', { userId, amount: 5 });
  expect(deposit).toMatchObject({ status: 201 });
  expect(await app.call('GET', `/api/users/${userId}`)).toMatchObject({ status: 200, body: { balance: '5.00' } });
}

describe.each([
  {
    name: 'Redis',
    variable: 'REDIS_URL',
    serverVariable: 'CRMBET_TEST_REDIS_URL',
    warning: 'Redis is away, going on without the shared cache',
    isBack: /"message":"Redis is back"/,
    uses: async (app: PreloadedBackend) =>
      (await app.samples()).get('cache_misses_total{cache_layer="redis",key_type="user"}') ?? 0,
  },
  {
    name: 'RabbitMQ',
    variable: 'AMQP_URL',
    serverVariable: 'CRMBET_TEST_AMQP_URL',
    warning: 'RabbitMQ is away, user events are dropped until it is back',
    // Of each of the three rounds a registration and a deposit.
    isBack: /"message":"RabbitMQ is back".*"droppedEvents":6/,
    // Transactions and not lines: what was consumed and not yet acknowledged when the connection broke comes again.
    uses: (app: PreloadedBackend) => {
      const consumed = app.stdout.matchAll(/"action":"transaction.completed".*?"transactionId":"([^"]+)"/g);
      return Promise.resolve(new Set([...consumed].map(([, id]) => id)).size);
    },
  },
])('while $name is away', ({ name, variable, serverVariable, warning, isBack, uses }) => {
  it('the backend starts and works without it, and says so once', async () => {
    const service = `backend-without-${name}`;
    const url = new URL(server(serverVariable));
    url.port = String(await freePort());
    const app = await stage.start(service, { [variable]: String(url) });
    expect(times(app, warning)).toBe(1);
    for (let round = 0; round < 3; round += 1) await work(app);
    expect(await app.stop()).toEqual({ code: 0, signal: null });
    expect(times(app, warning)).toBe(1);
    expect(app.stderr).toBe('');
    const logs = await stage.telemetry.findLogs({ service, minLevel: 'warn' });
    expect(logs).toMatchObject([{ body: warning, attributes: { reason: expect.stringContaining('ECONNREFUSED') } }]);
  });

  it('the backend works on, says so once, and uses it again when it is back', async () => {
    const outage = await createOutage(server(serverVariable));
    onTestFinished(() => outage.close());
    const app = await stage.start(`backend-outage-${name}`, { [variable]: outage.url });
    await work(app);
    const usesOfOneRound = await waitUntil(() => uses(app));
    expect(times(app, warning)).toBe(0);

    await outage.begin();
    await waitUntil(() => times(app, warning) === 1);
    for (let round = 0; round < 3; round += 1) await work(app);
    await outage.end();
    await waitUntil(() => isBack.test(app.stdout));
    expect(await uses(app)).toBe(usesOfOneRound);

    await work(app);
    await waitUntil(async () => (await uses(app)) === 2 * usesOfOneRound);
    expect(await app.stop()).toEqual({ code: 0, signal: null });
    expect(times(app, warning)).toBe(1);
    expect(app.stderr).toBe('');
  });
});

it('a cached value that is no JSON is a value that is not cached', async () => {
  const url = server('CRMBET_TEST_REDIS_URL');
  const app = await stage.start('backend-cache', { REDIS_URL: url });
  const userId = await app.register();
  const redis = new Redis(url);
  await redis.set(`user:${userId}`, '{"id":');
  redis.disconnect();
  expect(await app.call('GET', `/api/users/${userId}`)).toMatchObject({ status: 200, body: { id: userId } });
  await app.stop();
});

it('a queue that is deleted is made anew, and consumed', async () => {
  const url = server('CRMBET_TEST_AMQP_URL');
  const app = await stage.start('backend-queue', { AMQP_URL: url });
  const connection = await connect(url);
  const channel = await connection.createChannel();
  await channel.deleteQueue('user.events');
  await connection.close();
  await waitUntil(() => times(app, '"message":"RabbitMQ is back"') === 1);
  await work(app);
  await waitUntil(() => times(app, '"action":"transaction.completed"') === 1);
  expect(await app.stop()).toEqual({ code: 0, signal: null });
});

type Count = [sample: string, labels: Record<string, string>, count: number];

/** Expects each count on the application's page, and once exported in what is stored (the count of a histogram there is its increase). */
async function expectCounts(app: PreloadedBackend, service: string, counts: Count[]): Promise<void> {
  const page = await app.samples();
  const onPage = counts.map(([sample, labels]): Count => {
    const text = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
    return [sample, labels, page.get(`${sample}{${text.join(',')}}`) ?? 0];
  });
  expect(onPage).toEqual(counts);

  let stored: Count[] = [];
  await waitUntil(
    async () => {
      stored = await Promise.all(counts.map(([sample, labels]) => storedCount(sample, labels, service)));
      return JSON.stringify(stored) === JSON.stringify(counts);
    },
    { message: () => `the counts over OTLP, which are ${JSON.stringify(stored)}` },
  );
}

async function storedCount(sample: string, labels: Record<string, string>, service: string): Promise<Count> {
  const name = sample.replace(/_count$/, '');
  const { series } = await stage.telemetry.queryMetric({
    name,
    service,
    labels,
    aggregation: name === sample ? 'last' : 'increase',
  });
  expect(series.length).toBeLessThan(2);
  const values = series.flatMap(({ points }) => points.map(([, value]) => value));
  const count = name === sample ? values.at(-1) : values.reduce((sum, value) => sum + value, 0);
  return [sample, labels, count ?? 0];
}
