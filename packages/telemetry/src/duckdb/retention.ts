import { DOUBLE, UBIGINT, type DuckDBConnection, type DuckDBType, type DuckDBValue } from '@duckdb/node-api';
import { msToNs } from './ids.ts';

const TIMED_TABLES = [
  ['spans', 'start_ns'],
  ['logs', 'time_ns'],
  ['metric_points', 'time_ns'],
  ['exemplars', 'time_ns'],
] as const;
const MS_PER_HOUR = 3_600_000;
/** Above this share of the limit the oldest records go, until the lower share is reached: the rest of the file is room that a checkpoint needs for the new next to the old. */
const START_SHARE = 0.75;
const END_SHARE = 0.65;
const MAX_ROUNDS = 4;

async function firstRow(
  connection: DuckDBConnection,
  sql: string,
  values: Record<string, DuckDBValue>,
  types: Record<string, DuckDBType>,
): Promise<DuckDBValue[]> {
  return (await connection.runAndReadAll(sql, values, types)).getRows()[0] ?? [];
}

async function deleteBefore(connection: DuckDBConnection, cut: bigint): Promise<number> {
  let deleted = 0;
  await connection.run('BEGIN');
  try {
    for (const [table, column] of TIMED_TABLES) {
      const result = await connection.run(
        `DELETE FROM store.${table} WHERE ${column} < $cut`,
        { cut },
        { cut: UBIGINT },
      );
      if (table !== 'exemplars') deleted += result.rowsChanged;
    }
    if (deleted > 0) {
      await connection.run(
        'DELETE FROM store.metric_series WHERE series_id NOT IN (SELECT DISTINCT series_id FROM store.metric_points)',
      );
      await connection.run(
        `DELETE FROM store.resources WHERE resource_id NOT IN (SELECT DISTINCT resource_id FROM store.spans
           UNION SELECT DISTINCT resource_id FROM store.logs UNION SELECT DISTINCT resource_id FROM store.metric_series)`,
      );
    }
    await connection.run('COMMIT');
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
  return deleted;
}

/** Deletes what is older than `maxAgeHours` before `nowMs`; the number of records. */
export function deleteByAge(connection: DuckDBConnection, nowMs: number, maxAgeHours: number): Promise<number> {
  return deleteBefore(connection, msToNs(Math.max(0, nowMs - maxAgeHours * MS_PER_HOUR)));
}

/** Bytes of the blocks in use, without those that are free for reuse. */
async function usedBytes(connection: DuckDBConnection): Promise<number> {
  const [blocks] = await firstRow(
    connection,
    `SELECT used_blocks * block_size FROM pragma_database_size() WHERE database_name = 'store'`,
    {},
    {},
  );
  return Number(blocks ?? 0);
}

/** The time before which about the oldest `share` of all records lies; an exact quantile would hold every time in memory. */
async function cutTime(connection: DuckDBConnection, share: number): Promise<bigint | undefined> {
  const [cut] = await firstRow(
    connection,
    `SELECT approx_quantile(t, $share::FLOAT) FROM (SELECT start_ns AS t FROM store.spans UNION ALL SELECT time_ns FROM store.logs
       UNION ALL SELECT time_ns FROM store.metric_points)`,
    { share },
    { share: DOUBLE },
  );
  return typeof cut === 'bigint' ? cut : undefined;
}

/** Whether the blocks in use exceed their share of `maxSizeBytes`. */
export async function isOverSize(connection: DuckDBConnection, maxSizeBytes: number): Promise<boolean> {
  return (await usedBytes(connection)) > maxSizeBytes * START_SHARE;
}

/** Deletes the oldest records until the blocks in use are back at their share of `maxSizeBytes`; the number of records. Needs the file for itself. */
export async function deleteBySize(connection: DuckDBConnection, maxSizeBytes: number): Promise<number> {
  let deleted = 0;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const used = await usedBytes(connection);
    const excess = used - maxSizeBytes * END_SHARE;
    if (excess <= 0) break;
    const cut = await cutTime(connection, Math.min(0.9, Math.max(0.05, excess / used)));
    if (cut === undefined) break;
    deleted += await deleteBefore(connection, cut + 1n);
    await connection.run('CHECKPOINT store');
  }
  return deleted;
}
