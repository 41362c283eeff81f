import { join } from 'node:path';
import { runFixture, startOtlpServer, type Fixture, type OtlpServer } from '@crmbet/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const packageRoot = join(__dirname, '..');

describe('pg under the preload', () => {
  let otlp: OtlpServer;
  let database: Fixture;
  let app: Fixture;

  beforeAll(async () => {
    otlp = await startOtlpServer();
    const readyPattern = /listening on (\d+)/;
    database = await runFixture({
      file: 'src/fixtures/pglite-server.mjs',
      cwd: packageRoot,
      readyPattern,
      timeoutMs: 50_000,
    });
    app = await runFixture({
      file: 'src/fixtures/pg-app.cjs',
      cwd: packageRoot,
      nodeArgs: ['--require', '@crmbet/otel'],
      env: {
        DATABASE_URL: `postgres://postgres:postgres@127.0.0.1:${database.port}/postgres`,
        OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
        OTEL_BSP_SCHEDULE_DELAY: '20',
        OTEL_METRIC_EXPORT_INTERVAL: '100',
        // Metrics are of all queries, whatever is sampled.
        OTEL_TRACES_SAMPLER: 'parentbased_always_off',
      },
      readyPattern,
    });
  }, 90_000);

  afterAll(async () => {
    await app.stop();
    await database.stop();
    await otlp.close();
  });

  const traceId = 'aaaabbbbccccddddaaaabbbbccccdddd';
  const get = (path: string, id: string) =>
    fetch(`http://127.0.0.1:${app.port}${path}`, {
      headers: { 'x-correlation-id': id, traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
    });
  const point = (name: string, labels: Record<string, string>) =>
    otlp.waitFor((server) =>
      server
        .metrics()
        .findLast(
          ({ name: own, attributes }) =>
            own === name && Object.entries(labels).every(([key, value]) => attributes[key] === value),
        ),
    );

  it('has a span inside the request, with table, operation and correlation ID', async () => {
    expect((await get('/good', 'pg-good')).status).toBe(200);
    const span = await otlp.waitFor((server) =>
      server.spans().find(({ attributes }) => attributes['db.collection.name'] === 'users'),
    );
    const request = await otlp.waitFor((server) => server.spans().find(({ kind }) => kind === 'server'));
    expect(span).toMatchObject({ name: 'SELECT users', kind: 'client', traceId, parentSpanId: request.spanId });
    expect(span.attributes).toMatchObject({
      'db.system.name': 'postgresql',
      'db.operation.name': 'SELECT',
      'db.query.text': 'SELECT name FROM users WHERE id = $1',
      'correlation.id': 'pg-good',
    });
  });

  it('measures queries that succeed, with the exemplar of the query', async () => {
    await get('/good', 'pg-measured');
    const exemplar = await otlp.waitFor((server) =>
      server
        .metrics()
        .filter(({ name }) => name === 'db_query_duration_seconds')
        .flatMap(({ exemplars }) => exemplars)
        .find(({ attributes }) => attributes['correlation.id'] === 'pg-measured'),
    );
    expect(exemplar.traceId).toBe(traceId);
    expect((await point('db_query_duration_seconds', { query_type: 'SELECT', table: 'users' })).count).toBeGreaterThan(
      0,
    );
  });

  it('measures queries that fail, and marks their spans', async () => {
    expect((await get('/bad', 'pg-bad')).status).toBe(500);
    expect((await point('db_query_duration_seconds', { query_type: 'SELECT', table: 'absent' })).count).toBe(1);
    const span = await otlp.waitFor((server) =>
      server.spans().find(({ attributes }) => attributes['db.collection.name'] === 'absent'),
    );
    expect(span.status).toBe('error');
  });

  it('measures queries with a callback, and those outside of what is sampled', async () => {
    await get('/callback', 'pg-callback');
    expect((await point('db_query_duration_seconds', { query_type: 'INSERT', table: 'users' })).count).toBe(1);
    expect((await point('db_query_duration_seconds', { query_type: 'CREATE', table: 'users' })).count).toBe(1);
    expect(otlp.spans().some(({ attributes }) => attributes['db.operation.name'] === 'CREATE')).toBe(false);
  });

  it('knows how many connections of the pools are active and may be', async () => {
    expect(await point('db_connections_max', {})).toMatchObject({ value: 3, type: 'gauge' });
    await otlp.waitFor((server) =>
      server.metrics().some(({ name, value }) => name === 'db_connections_active' && value === 0),
    );
    const states = otlp.metrics().filter(({ name }) => name.startsWith('db_connections_'));
    expect(states.flatMap(({ exemplars }) => exemplars)).toEqual([]);
  });
});
