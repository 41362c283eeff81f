import { existsSync, readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { runFixture, temporaryFolder } from '@crmbet/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { openDuckDbStore } from './open.ts';
import { makeBatch, makeLog, makePoint, makeSpan, readRows, spanBatch } from './records.test.helper.ts';

const HOLDER = join(import.meta.dirname, 'fixtures/hold-store.mjs');

async function runSql(path: string, ...statements: string[]): Promise<void> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  for (const statement of statements) await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
}

async function fillStore(path: string): Promise<void> {
  const store = await openDuckDbStore({ path });
  await store.write(spanBatch(500));
  await store.close();
}

let path: string;
beforeEach(() => {
  path = join(temporaryFolder(), 'store.duckdb');
});

const unusable = (message: RegExp) => ({ code: 'STORE_UNUSABLE', message: expect.stringMatching(message) as string });

describe('a file that is refused', () => {
  it('is held by another process, which is named', async () => {
    const holder = await runFixture({ file: HOLDER, args: [path], readyPattern: /^ready$/m });
    await expect(openDuckDbStore({ path })).rejects.toMatchObject(
      unusable(new RegExp(`in use by process ${holder.pid} \\(`)),
    );
    await expect(openDuckDbStore({ path, readOnly: true })).rejects.toMatchObject(unusable(/in use by process/));
    await holder.stop();
    await (await openDuckDbStore({ path })).close();
  });

  it('is open in this process', async () => {
    const store = await openDuckDbStore({ path });
    await expect(openDuckDbStore({ path })).rejects.toMatchObject(unusable(/already open in this process/));
    await store.close();
    await (await openDuckDbStore({ path })).close();
  });

  it('is no DuckDB file, and stays as it was', async () => {
    writeFileSync(path, 'my notes, '.repeat(5000));
    await expect(openDuckDbStore({ path })).rejects.toMatchObject(unusable(/not a telemetry store \(no DuckDB file\)/));
    expect(readFileSync(path, 'utf8')).toBe('my notes, '.repeat(5000));
  });

  it.each([
    ['other tables', ['CREATE TABLE mine (a INTEGER)']],
    [
      'a version table of another product',
      [
        'CREATE TABLE schema_version (product VARCHAR, version INTEGER)',
        `INSERT INTO schema_version VALUES ('other', 1)`,
      ],
    ],
    ['a version table of another shape', ['CREATE TABLE schema_version (v INTEGER)']],
  ])('is a DuckDB file with %s', async (_what, statements) => {
    await runSql(path, ...statements);
    await expect(openDuckDbStore({ path })).rejects.toMatchObject(unusable(/not one of crmbet-otel/));
  });

  it('was written by a newer version', async () => {
    await fillStore(path);
    await runSql(path, 'UPDATE schema_version SET version = 99');
    await expect(openDuckDbStore({ path })).rejects.toMatchObject(
      unusable(/newer crmbet-otel \(schema version 99; this one knows up to 2\)/),
    );
  });

  it('is not there, or not a file', async () => {
    await expect(openDuckDbStore({ path, readOnly: true })).rejects.toMatchObject(
      unusable(/There is no telemetry store at/),
    );
    await expect(openDuckDbStore({ path: join(path, '..') })).rejects.toMatchObject(unusable(/is not a file/));
    writeFileSync(path, 'x');
    await expect(openDuckDbStore({ path: join(path, 'below', 'store.duckdb') })).rejects.toMatchObject(
      unusable(/folder of the telemetry store/),
    );
  });

  it.each([
    { retention: { maxAgeHours: 0 } },
    { retention: { maxSizeBytes: 1 } },
    { queue: { maxRecords: Number.NaN } },
  ])('comes with a bad option %o', async (options) => {
    await expect(openDuckDbStore({ path, ...options })).rejects.toMatchObject(unusable(/Invalid store option/));
  });
});

describe('a file of an older version', () => {
  /** As version 1 wrote it: the resource's text in every record. */
  async function writeVersion1(): Promise<void> {
    const now = `${BigInt(Date.now()) * 1_000_000n}::UBIGINT`;
    await runSql(
      path,
      'CREATE TABLE schema_version (product VARCHAR, version INTEGER)',
      `INSERT INTO schema_version VALUES ('crmbet-otel', 1)`,
      `CREATE TABLE spans AS SELECT 255::UHUGEINT AS trace_id, range::UBIGINT + 1 AS span_id, 0::UBIGINT AS parent_span_id, 'old span' AS name,
         2::UTINYINT AS kind, ${now} + range AS start_ns, ${now} + 1000000 AS end_ns, 1000000::UBIGINT AS duration_ns, 0::UTINYINT AS status,
         '' AS status_message, 'crm' AS service, 'c-1' AS correlation_id, '' AS scope, '{"a":1}' AS attributes,
         '{"service.name":"crm","n":' || range % 2 || '}' AS resource, '[]' AS events, '[]' AS links FROM range(100)`,
      `CREATE TABLE logs AS SELECT ${now} AS time_ns, ${now} AS observed_ns, 9::UTINYINT AS severity, 'info' AS severity_text, 'old line' AS body,
         255::UHUGEINT AS trace_id, 1::UBIGINT AS span_id, 'crm' AS service, 'c-1' AS correlation_id, '' AS scope, '{}' AS attributes,
         '{"service.name":"crm","n":0}' AS resource`,
      `CREATE TABLE metric_series AS SELECT 7::UBIGINT AS series_id, 'old_total' AS name, '' AS description, '1' AS unit, 'sum' AS type,
         'cumulative' AS temporality, true AS monotonic, 'crm' AS service, '' AS scope, '{}' AS attributes,
         '{"service.name":"crm","n":1}' AS resource, '[]' AS bounds, ${now} AS first_ns`,
      `CREATE TABLE metric_points AS SELECT 7::UBIGINT AS series_id, ${now} AS time_ns, ${now} AS start_ns, 3::DOUBLE AS value, 0::DOUBLE AS count,
         0::DOUBLE AS sum, '[]' AS buckets, '{}' AS detail`,
      `CREATE TABLE exemplars (series_id UBIGINT, time_ns UBIGINT, value DOUBLE, trace_id UHUGEINT, span_id UBIGINT, correlation_id VARCHAR)`,
    );
  }

  it('is brought up to date with all it holds, and takes new records', async () => {
    await writeVersion1();
    await expect(openDuckDbStore({ path, readOnly: true })).rejects.toMatchObject(
      unusable(/schema version 1 and must be brought to 2/),
    );
    const store = await openDuckDbStore({ path });
    expect(await store.status()).toMatchObject({ schemaVersion: 2, spans: 100, logs: 1, metricPoints: 1 });
    const trace = await store.getTrace('ff'.padStart(32, '0'));
    expect(trace?.spans.slice(0, 2)).toMatchObject([
      {
        spanId: '1'.padStart(16, '0'),
        resource: { 'service.name': 'crm', n: 0 },
        attributes: { a: 1 },
        events: [],
        links: [],
      },
      { spanId: '2'.padStart(16, '0'), resource: { 'service.name': 'crm', n: 1 } },
    ]);
    expect(await store.findLogs({})).toMatchObject([{ body: 'old line', resource: { n: 0 } }]);
    expect(await store.listMetrics()).toMatchObject([{ name: 'old_total' }]);
    // The same resource text finds the migrated row: the migration's hash is the writer's.
    const resource = '{"service.name":"crm","n":1}';
    await store.write(
      makeBatch({
        spans: [makeSpan({ traceId: 'e'.repeat(32), resource })],
        logs: [makeLog()],
        metricPoints: [makePoint()],
      }),
    );
    expect((await store.getTrace('e'.repeat(32)))?.spans).toMatchObject([
      { resource: { 'service.name': 'crm', n: 1 } },
    ]);
    await store.close();
    const again = await openDuckDbStore({ path, readOnly: true });
    expect(await again.status()).toMatchObject({ spans: 101, logs: 2, metricPoints: 2 });
    await again.close();
    expect(await readRows(path, 'SELECT attributes FROM resources GROUP BY attributes HAVING count(*) > 1')).toEqual(
      [],
    );
  });
});

describe('a damaged file', () => {
  it('is moved aside, and a new one is started', async () => {
    await fillStore(path);
    truncateSync(path, 300_000);
    const lines: string[] = [];
    const store = await openDuckDbStore({ path, report: (line) => lines.push(line) });
    expect(await store.status()).toMatchObject({ spans: 0, problem: '' });
    await store.close();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/was damaged and moved aside \(.*store\.duckdb\.damaged-.*\); a new one was started/);
    expect(readdirSync(join(path, '..')).filter((name) => name.startsWith('store.duckdb.damaged-'))).toHaveLength(1);
  });

  it('is left where it is when it is opened for queries only', async () => {
    await fillStore(path);
    truncateSync(path, 300_000);
    await expect(openDuckDbStore({ path, readOnly: true })).rejects.toMatchObject(unusable(/cannot be opened/));
    expect(readdirSync(join(path, '..'))).toEqual(['store.duckdb']);
  });

  it('loses only its write-ahead log when only that is damaged', async () => {
    await fillStore(path);
    const holder = await runFixture({
      file: join(import.meta.dirname, 'fixtures/write-forever.mjs'),
      args: [path, '50'],
      readyPattern: /^20$/m,
    });
    holder.kill('SIGKILL');
    await holder.exited;
    const wal = readFileSync(`${path}.wal`);
    wal.fill(7, wal.length >> 1, (wal.length >> 1) + 40);
    writeFileSync(`${path}.wal`, wal);
    const lines: string[] = [];
    const store = await openDuckDbStore({ path, report: (line) => lines.push(line) });
    expect(await store.status()).toMatchObject({ spans: 500 });
    await store.close();
    expect(lines[0]).toMatch(/moved aside \(.*\.wal\.damaged-.*\); the last records before it are missing/);
  });

  it('is only an empty file: a start that was killed', async () => {
    writeFileSync(path, '');
    await fillStore(path);
    expect(existsSync(path)).toBe(true);
  });
});
