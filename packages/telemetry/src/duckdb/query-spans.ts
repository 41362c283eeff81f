import { type ServiceSummary, type TimeRange, type Trace, type TraceQuery, type TraceSummary } from '../query.ts';
import { idFromHex, idToHex, msToNs } from './ids.ts';
import { limitedTo } from './limited.ts';
import { type Row } from './read-pool.ts';
import {
  SPAN_COLUMNS,
  SPAN_SOURCE,
  SPAN_STATUSES,
  bigintOf,
  durationMsOf,
  numberOf,
  spanFromRow,
  textOf,
} from './rows-to-model.ts';
import { inOrder } from './span-order.ts';
import { SqlFilter } from './sql-filter.ts';

/** Runs one query; see `ReadPool.rows`. */
export type Run = (sql: string, filter: SqlFilter) => Promise<Row[]>;

const MAX_SERVICES = 1000;
const MAX_OPERATIONS = 1000;
/** Spans of one trace that are read; a trace with more is cut off at its end, and says so. */
export const MAX_TRACE_SPANS = 20_000;
const DEFAULT_LIMIT = 20;
/** Spans looked at for each trace wanted, before all matching spans are grouped. */
const SPANS_A_TRACE = 50;

export async function services(run: Run, range: TimeRange): Promise<ServiceSummary[]> {
  const filter = new SqlFilter().whereIn(range, 'start_ns');
  const rows = await run(
    `SELECT service, sum(spans)::DOUBLE AS spans, list(name ORDER BY name) FILTER (entry)[1:${MAX_OPERATIONS}] AS operations
     FROM (SELECT service, name, count(*) AS spans, bool_or(kind IN (2, 5) OR parent_span_id = 0) AS entry
           FROM store.spans WHERE ${filter.clause()} GROUP BY ALL)
     GROUP BY service ORDER BY service LIMIT ${MAX_SERVICES}`,
    filter,
  );
  return rows.map((row) => ({
    name: textOf(row, 'service'),
    operations: textList(row, 'operations'),
    spanCount: numberOf(row, 'spans'),
  }));
}

function textList(row: Row, column: string): string[] {
  const value = row[column];
  return typeof value === 'object' && value !== null && 'items' in value ? value.items.map(String) : [];
}

function traceFilter(query: TraceQuery): SqlFilter {
  const filter = new SqlFilter().whereIn(query, 's.start_ns');
  if (query.service !== undefined) filter.where(`s.service = ${filter.text(query.service)}`);
  if (query.operation !== undefined) filter.where(`s.name = ${filter.text(query.operation)}`);
  if (query.correlationId !== undefined) filter.where(`s.correlation_id = ${filter.text(query.correlationId)}`);
  if (query.status !== undefined) filter.where(`s.status = ${filter.integer(SPAN_STATUSES.indexOf(query.status))}`);
  if (query.minDurationMs !== undefined) filter.where(`s.duration_ns >= ${filter.uint64(msToNs(query.minDurationMs))}`);
  if (query.maxDurationMs !== undefined) filter.where(`s.duration_ns <= ${filter.uint64(msToNs(query.maxDurationMs))}`);
  for (const [key, value] of Object.entries(query.attributes ?? {})) {
    const own = filter.jsonEquals('s.attributes', key, value);
    const pointer = filter.text(`/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    const inherited = `(s.resource_id IN (SELECT resource_id FROM store.resources WHERE json_extract_string(attributes, ${pointer}) = ${filter.text(value)})
      AND json_extract_string(s.attributes, ${pointer}) IS NULL)`;
    filter.where(`(${own} OR ${inherited})`);
  }
  return filter;
}

/** IDs of the traces with the newest matching spans. */
async function newestTraceIds(run: Run, query: TraceQuery, limit: number): Promise<bigint[]> {
  const wanted = limit * SPANS_A_TRACE;
  const few = traceFilter(query);
  const newest = await run(
    `SELECT s.trace_id FROM store.spans s WHERE ${few.clause()} ORDER BY s.start_ns DESC LIMIT ${few.integer(wanted)}`,
    few,
  );
  const found = [...new Set(newest.map((row) => bigintOf(row, 'trace_id')))];
  if (found.length >= limit || newest.length < wanted) return found.slice(0, limit);
  const all = traceFilter(query);
  const grouped = await run(
    `SELECT s.trace_id FROM store.spans s WHERE ${all.clause()} GROUP BY s.trace_id ORDER BY max(s.start_ns) DESC LIMIT ${all.integer(limit)}`,
    all,
  );
  return grouped.map((row) => bigintOf(row, 'trace_id'));
}

function summaryFromRow(row: Row): TraceSummary {
  return {
    traceId: idToHex(bigintOf(row, 'trace_id'), 32),
    rootService: textOf(row, 'root_service'),
    rootName: textOf(row, 'root_name'),
    startTimeUnixNano: String(bigintOf(row, 'start_ns')),
    durationMs: durationMsOf(row, 'duration_ns'),
    spanCount: numberOf(row, 'spans'),
    errorCount: numberOf(row, 'errors'),
    services: textList(row, 'services'),
    correlationId: textOf(row, 'correlation_id'),
  };
}

/** Summaries of the traces with the newest matching spans, by start of the trace, newest first. */
export async function findTraces(run: Run, query: TraceQuery): Promise<TraceSummary[]> {
  const ids = await newestTraceIds(run, query, query.limit ?? DEFAULT_LIMIT);
  if (ids.length === 0) return [];
  const filter = new SqlFilter();
  filter.where(`trace_id IN (SELECT unnest(${filter.traceIdList(ids)}))`);
  // The root is the earliest span without a parent; of a trace whose root is elsewhere, the earliest span.
  const rows = await run(
    `SELECT trace_id, first(service ORDER BY parent_span_id <> 0, start_ns) AS root_service,
       first(name ORDER BY parent_span_id <> 0, start_ns) AS root_name, min(start_ns) AS start_ns,
       greatest(max(end_ns), max(start_ns)) - min(start_ns) AS duration_ns, count(*) AS spans, count_if(status = 2) AS errors,
       list(DISTINCT service ORDER BY service) AS services,
       coalesce(first(correlation_id ORDER BY start_ns) FILTER (correlation_id <> ''), '') AS correlation_id
     FROM store.spans WHERE ${filter.clause()} GROUP BY trace_id ORDER BY start_ns DESC, trace_id`,
    filter,
  );
  return rows.map(summaryFromRow);
}

export async function getTrace(run: Run, traceId: string): Promise<Trace | undefined> {
  const id = idFromHex(traceId, 32);
  if (!id) return undefined;
  const filter = new SqlFilter();
  filter.where(`s.trace_id = ${filter.traceId(id)}`);
  const found = await run(
    `SELECT ${SPAN_COLUMNS} FROM ${SPAN_SOURCE} WHERE ${filter.clause()} ORDER BY s.start_ns, s.span_id LIMIT ${MAX_TRACE_SPANS + 1}`,
    filter,
  );
  if (found.length === 0) return undefined;
  const { items: rows, truncated } = limitedTo(MAX_TRACE_SPANS, found);
  const spans = inOrder(rows.map(spanFromRow));
  const startNs = spans.map((span) => BigInt(span.startTimeUnixNano)).reduce((a, b) => (b < a ? b : a));
  const endNs = rows
    .map((row) => bigintOf(row, 'start_ns') + bigintOf(row, 'duration_ns'))
    .reduce((a, b) => (b > a ? b : a));
  return {
    traceId: idToHex(id, 32),
    startTimeUnixNano: String(startNs),
    durationMs: Number(endNs - startNs) / 1e6,
    services: [...new Set(spans.map((span) => span.serviceName))].sort(),
    spans,
    truncated,
  };
}
