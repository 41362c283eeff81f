import { runFixture, startOtlpServer } from '@crmbet/testkit';
import { expect, it } from 'vitest';

const otelPackage = new URL('../../packages/otel', import.meta.url).pathname;

/** Spans of what `library` does inside the span `work`, with the server at `url`. */
async function runLibrary(library: string, url: string | undefined) {
  expect(url).toBeDefined();
  const otlp = await startOtlpServer();
  const app = await runFixture({
    file: 'src/instrumentation/libraries/fixtures/library-app.cjs',
    cwd: otelPackage,
    nodeArgs: ['--require', '@crmbet/otel'],
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url, FIXTURE_LIBRARY: library, FIXTURE_URL: url },
  });
  expect(await app.exited).toEqual({ code: 0, signal: null });
  expect(app.stderr).toBe('');
  const spans = otlp.spans();
  // No value that the application handles may leave it.
  expect(
    JSON.stringify(spans.map(({ name, attributes, events }) => [name, attributes, events.map(String)])),
  ).not.toContain('secret-4711');
  const workId = spans.find(({ name }) => name === 'work')?.spanId;
  return { spans, workId };
}

it('mysql2: a span for each query, its values masked, a failed one marked', async () => {
  const { spans, workId } = await runLibrary('mysql2', process.env['CRMBET_TEST_MYSQL_URL']);
  const queries = spans.filter(({ attributes }) => attributes['db.system.name'] === 'mysql');
  expect(queries.map(({ attributes }) => attributes['db.query.text'])).toEqual([
    expect.stringContaining('CREATE TEMPORARY TABLE users'),
    'INSERT INTO users (cpf) VALUES (?)',
    'SELECT cpf FROM users WHERE cpf = ?',
    'SELECT * FROM absent',
  ]);
  for (const query of queries) {
    expect(query).toMatchObject({ kind: 'client', parentSpanId: workId });
    expect(query.attributes['correlation.id']).toBe('library-span');
  }
  expect(queries.map(({ status }) => status)).toEqual(['unset', 'unset', 'unset', 'error']);
});

it('knex: a span for a query that names the table, without its values', async () => {
  const { spans, workId } = await runLibrary('knex', process.env['CRMBET_TEST_MYSQL_URL']);
  const query = spans.find(
    ({ scopeName, attributes }) =>
      scopeName === '@opentelemetry/instrumentation-knex' && attributes['db.operation.name'] === 'select',
  );
  expect(query).toMatchObject({ kind: 'client', parentSpanId: workId });
  expect(query?.attributes).toMatchObject({
    'db.collection.name': 'users',
    'db.query.text': 'select `cpf` from `users` where `cpf` = ?',
  });
});

it('memcached: a span for each command, without key and value', async () => {
  const { spans, workId } = await runLibrary('memcached', process.env['CRMBET_TEST_MEMCACHED']);
  const commands = spans.filter(({ attributes }) => attributes['db.system.name'] === 'memcached');
  expect(commands.map(({ attributes }) => attributes['db.operation.name'])).toEqual(['set', 'get']);
  for (const command of commands) expect(command).toMatchObject({ kind: 'client', parentSpanId: workId });
});
