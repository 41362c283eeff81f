import { type Log, type LogQuery } from '../query.ts';
import { idFromHex } from './ids.ts';
import { type Run } from './query-spans.ts';
import { LOG_COLUMNS, LOG_LEVELS, LOG_SOURCE, logFromRow } from './rows-to-model.ts';
import { SqlFilter } from './sql-filter.ts';

const DEFAULT_LIMIT = 100;

/** `undefined` when an ID is asked for that cannot be one: nothing matches. */
function logFilter(query: LogQuery): SqlFilter | undefined {
  const filter = new SqlFilter().whereIn(query, 'l.time_ns');
  if (query.service !== undefined) filter.where(`l.service = ${filter.text(query.service)}`);
  if (query.correlationId !== undefined) filter.where(`l.correlation_id = ${filter.text(query.correlationId)}`);
  if (query.text !== undefined && query.text !== '')
    filter.where(`contains(lower(l.body), lower(${filter.text(query.text)}))`);
  if (query.minLevel !== undefined) {
    const lowest = LOG_LEVELS.indexOf(query.minLevel) * 4 + 1;
    // A record without a severity counts as info.
    filter.where(`CASE l.severity WHEN 0 THEN 9 ELSE l.severity END >= ${filter.integer(lowest)}`);
  }
  if (query.traceId !== undefined) {
    const id = idFromHex(query.traceId.toLowerCase(), 32);
    if (!id) return undefined;
    filter.where(`l.trace_id = ${filter.traceId(id)}`);
  }
  if (query.spanId !== undefined) {
    const id = idFromHex(query.spanId.toLowerCase(), 16);
    if (!id) return undefined;
    filter.where(`l.span_id = ${filter.uint64(id)}`);
  }
  for (const [key, value] of Object.entries(query.fields ?? {}))
    filter.where(filter.jsonEquals('l.attributes', key, value));
  return filter;
}

export async function findLogs(run: Run, query: LogQuery): Promise<Log[]> {
  const filter = logFilter(query);
  if (filter === undefined) return [];
  const order = query.order === 'asc' ? 'ASC' : 'DESC';
  const limit = filter.integer(query.limit ?? DEFAULT_LIMIT);
  const rows = await run(
    `SELECT ${LOG_COLUMNS} FROM ${LOG_SOURCE} WHERE ${filter.clause()} ORDER BY l.time_ns ${order} LIMIT ${limit}`,
    filter,
  );
  return rows.map(logFromRow);
}
