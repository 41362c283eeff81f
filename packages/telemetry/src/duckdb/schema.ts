import { type DuckDBConnection, type DuckDBValue } from '@duckdb/node-api';
import { TelemetryError } from '../errors.ts';

/** Version that this code reads and writes. A change of any table below is a new version and a step in `MIGRATIONS`. */
export const SCHEMA_VERSION = 2;
const PRODUCT = 'crmbet-otel';

/**
 * IDs are numbers (a trace ID 128 bits, a span ID 64; 0 when absent): a quarter of the space and scan time of their text.
 * Resources and metric series are rows of their own, by the first 64 bits of their SHA-256, because each is repeated in
 * thousands of records. Tables are attached as `store`.
 */
const TABLES = [
  `CREATE TABLE store.schema_version (product VARCHAR NOT NULL, version INTEGER NOT NULL)`,
  `CREATE TABLE store.resources (resource_id UBIGINT NOT NULL, attributes VARCHAR NOT NULL)`,
  `CREATE TABLE store.spans (
     trace_id UHUGEINT NOT NULL, span_id UBIGINT NOT NULL, parent_span_id UBIGINT NOT NULL, name VARCHAR NOT NULL,
     kind UTINYINT NOT NULL, start_ns UBIGINT NOT NULL, end_ns UBIGINT NOT NULL, duration_ns UBIGINT NOT NULL,
     status UTINYINT NOT NULL, status_message VARCHAR NOT NULL, service VARCHAR NOT NULL, correlation_id VARCHAR NOT NULL,
     scope VARCHAR NOT NULL, attributes VARCHAR NOT NULL, resource_id UBIGINT NOT NULL, events VARCHAR NOT NULL,
     links VARCHAR NOT NULL)`,
  `CREATE TABLE store.logs (
     time_ns UBIGINT NOT NULL, observed_ns UBIGINT NOT NULL, severity UTINYINT NOT NULL, severity_text VARCHAR NOT NULL,
     body VARCHAR NOT NULL, trace_id UHUGEINT NOT NULL, span_id UBIGINT NOT NULL, service VARCHAR NOT NULL,
     correlation_id VARCHAR NOT NULL, scope VARCHAR NOT NULL, attributes VARCHAR NOT NULL, resource_id UBIGINT NOT NULL)`,
  `CREATE TABLE store.metric_series (
     series_id UBIGINT NOT NULL, name VARCHAR NOT NULL, description VARCHAR NOT NULL, unit VARCHAR NOT NULL,
     type VARCHAR NOT NULL, temporality VARCHAR NOT NULL, monotonic BOOLEAN NOT NULL, service VARCHAR NOT NULL,
     scope VARCHAR NOT NULL, attributes VARCHAR NOT NULL, resource_id UBIGINT NOT NULL, bounds VARCHAR NOT NULL,
     first_ns UBIGINT NOT NULL)`,
  `CREATE TABLE store.metric_points (
     series_id UBIGINT NOT NULL, time_ns UBIGINT NOT NULL, start_ns UBIGINT NOT NULL, value DOUBLE NOT NULL,
     count DOUBLE NOT NULL, sum DOUBLE NOT NULL, buckets VARCHAR NOT NULL, detail VARCHAR NOT NULL)`,
  `CREATE TABLE store.exemplars (
     series_id UBIGINT NOT NULL, time_ns UBIGINT NOT NULL, value DOUBLE NOT NULL, trace_id UHUGEINT NOT NULL,
     span_id UBIGINT NOT NULL, correlation_id VARCHAR NOT NULL)`,
];

const RESOURCE_ID = `('0x' || sha256(resource)[1:16])::UBIGINT`;

/** Version 1 kept the resource's text in every record. Tables are rebuilt so that their column order is that of a new file. */
function moveResourceOut(table: string, lastColumns: string): string[] {
  return [
    `CREATE TABLE store.migrated AS SELECT * EXCLUDE (resource ${lastColumns}), ${RESOURCE_ID} AS resource_id ${lastColumns} FROM store.${table}`,
    `DROP TABLE store.${table}`,
    `ALTER TABLE store.migrated RENAME TO ${table}`,
  ];
}

/** Statements that lead from version N (the key) to N + 1. */
const MIGRATIONS: Readonly<Record<number, readonly string[]>> = {
  1: [
    `CREATE TABLE store.resources AS SELECT DISTINCT ${RESOURCE_ID} AS resource_id, resource AS attributes FROM
       (SELECT resource FROM store.spans UNION SELECT resource FROM store.logs UNION SELECT resource FROM store.metric_series)`,
    ...moveResourceOut('spans', ', events, links'),
    ...moveResourceOut('logs', ''),
    ...moveResourceOut('metric_series', ', bounds, first_ns'),
  ],
};

async function rows(connection: DuckDBConnection, sql: string): Promise<DuckDBValue[][]> {
  return (await connection.runAndReadAll(sql)).getRows();
}

/** Version of the attached file; 0 when it holds no table at all; `undefined` when it is no store of ours. */
async function readVersion(connection: DuckDBConnection): Promise<number | undefined> {
  const columns = await rows(
    connection,
    `SELECT table_name || '.' || column_name FROM duckdb_columns() WHERE database_name = 'store'`,
  );
  if (columns.length === 0) return 0;
  const names = new Set(columns.map(([name]) => name));
  if (!names.has('schema_version.product') || !names.has('schema_version.version')) return undefined;
  const [row] = await rows(connection, `SELECT product, version FROM store.schema_version`);
  return row?.[0] === PRODUCT && typeof row[1] === 'number' ? row[1] : undefined;
}

async function inTransaction(connection: DuckDBConnection, statements: readonly string[]): Promise<void> {
  await connection.run('BEGIN');
  for (const statement of statements) await connection.run(statement);
  await connection.run('COMMIT');
}

async function migrate(connection: DuckDBConnection, from: number): Promise<void> {
  const statements: string[] = [];
  for (let version = from; version < SCHEMA_VERSION; version += 1) statements.push(...(MIGRATIONS[version] ?? []));
  await inTransaction(connection, [...statements, `UPDATE store.schema_version SET version = ${SCHEMA_VERSION}`]);
  await connection.run('CHECKPOINT store');
}

/**
 * Creates the tables in a new file, brings an older file up to date in one transaction, and refuses everything else.
 * @throws {TelemetryError} code `STORE_UNUSABLE`
 */
export async function prepareSchema(connection: DuckDBConnection, path: string, readOnly: boolean): Promise<void> {
  const version = await readVersion(connection);
  if (version === SCHEMA_VERSION) return;
  const refuse = (why: string) => new TelemetryError('STORE_UNUSABLE', why);
  if (version === undefined)
    throw refuse(
      `${path} is a DuckDB database, but not one of crmbet-otel. Choose another path; nothing in it was changed.`,
    );
  if (version > SCHEMA_VERSION) {
    throw refuse(
      `${path} was written by a newer crmbet-otel (schema version ${version}; this one knows up to ${SCHEMA_VERSION}). Update, or choose another path.`,
    );
  }
  if (readOnly) {
    throw refuse(
      `${path} has schema version ${version} and must be brought to ${SCHEMA_VERSION}: open it once for writing (crmbet-otel up).`,
    );
  }
  if (version > 0) return migrate(connection, version);
  await inTransaction(connection, [
    ...TABLES,
    `INSERT INTO store.schema_version VALUES ('${PRODUCT}', ${SCHEMA_VERSION})`,
  ]);
}
