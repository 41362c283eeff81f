import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { runFixture, startOtlpServer } from '@crmbet/testkit';
import { expect, it, onTestFinished } from 'vitest';

const otelPackage = new URL('../../packages/otel', import.meta.url).pathname;

it('pg against PostgreSQL: spans in the request, query metrics, pool gauges', async () => {
  const url = await createDatabase();
  const otlp = await startOtlpServer();
  const app = await runFixture({
    file: 'src/fixtures/pg-app.cjs',
    cwd: otelPackage,
    nodeArgs: ['--require', '@crmbet/otel'],
    env: {
      DATABASE_URL: url,
      OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
      OTEL_BSP_SCHEDULE_DELAY: '20',
      OTEL_METRIC_EXPORT_INTERVAL: '100',
    },
    readyPattern: /listening on (\d+)/,
  });
  const get = (path: string) =>
    fetch(`http://127.0.0.1:${app.port}${path}`, { headers: { 'x-correlation-id': 'stack-pg' } });
  expect((await get('/good')).status).toBe(200);
  expect((await get('/bad')).status).toBe(500);
  const spans = await otlp.waitFor((server) => {
    const found = server
      .spans()
      .filter(({ attributes }) => attributes['db.collection.name'] && attributes['correlation.id'] === 'stack-pg');
    return found.length === 2 && found;
  });
  expect(spans.map(({ status, attributes }) => [attributes['db.collection.name'], status])).toEqual([
    ['users', 'unset'],
    ['absent', 'error'],
  ]);
  await otlp.waitFor((server) => {
    const points = server.metrics();
    const measured = (table: string) =>
      points.some(({ name, attributes }) => name === 'db_query_duration_seconds' && attributes['table'] === table);
    return (
      measured('users') &&
      measured('absent') &&
      points.some(({ name, value }) => name === 'db_connections_max' && value === 3)
    );
  });
  await app.stop();
});

/** A database of this test's own, dropped at its end. */
async function createDatabase(): Promise<string> {
  const url = new URL(process.env['CRMBET_TEST_POSTGRES_URL'] ?? '');
  const name = `otel_${randomUUID().replaceAll('-', '')}`;
  const run = async (statement: string) => {
    const client = new Client({ connectionString: String(url) });
    await client.connect();
    await client.query(statement);
    await client.end();
  };
  await run(`CREATE DATABASE ${name}`);
  onTestFinished(() => run(`DROP DATABASE ${name} WITH (FORCE)`));
  const own = new URL(url);
  own.pathname = `/${name}`;
  return String(own);
}
