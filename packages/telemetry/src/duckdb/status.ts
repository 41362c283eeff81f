import { type StoreStatus } from '../query.ts';
import { fileSize } from './file-size.ts';
import { bigintOf, numberOf } from './rows-to-model.ts';
import { type Run } from './query-spans.ts';
import { SCHEMA_VERSION } from './schema.ts';
import { SqlFilter } from './sql-filter.ts';

const COUNTS = `
  SELECT (SELECT count(*) FROM store.spans) AS spans, (SELECT count(*) FROM store.logs) AS logs,
    (SELECT count(*) FROM store.metric_points) AS points, min(first) AS oldest, max(last) AS newest
  FROM (SELECT min(start_ns) AS first, max(start_ns) AS last FROM store.spans
        UNION ALL SELECT min(time_ns), max(time_ns) FROM store.logs
        UNION ALL SELECT min(time_ns), max(time_ns) FROM store.metric_points)`;

/** Status of an open file; while it cannot be read (`problem` says why) everything counted is 0. */
export async function readStatus(
  run: Run,
  path: string,
  dropped: Record<string, number>,
  problem: string,
): Promise<StoreStatus> {
  const sizeBytes = (await fileSize(path)) + (await fileSize(`${path}.wal`));
  const [row = {}] = await run(COUNTS, new SqlFilter()).catch((error: unknown) => {
    if (problem !== '') return [];
    throw error;
  });
  return {
    path,
    schemaVersion: SCHEMA_VERSION,
    sizeBytes,
    spans: numberOf(row, 'spans'),
    logs: numberOf(row, 'logs'),
    metricPoints: numberOf(row, 'points'),
    oldestUnixNano: String(bigintOf(row, 'oldest')),
    newestUnixNano: String(bigintOf(row, 'newest')),
    dropped,
    problem,
  };
}
