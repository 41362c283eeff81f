import { type Correlation, type CorrelatedMetric, type Log, type Span, type TimelineEntry } from '../query.ts';
import { metricsByExemplar, metricsBySpan } from './correlate-metrics.ts';
import { idFromHex, idToHex } from './ids.ts';
import { limitedTo, type Limited } from './limited.ts';
import { MAX_TRACE_SPANS, type Run } from './query-spans.ts';
import {
  LOG_COLUMNS,
  LOG_SOURCE,
  SPAN_COLUMNS,
  SPAN_SOURCE,
  bigintOf,
  logFromRow,
  spanFromRow,
} from './rows-to-model.ts';
import { inOrder } from './span-order.ts';
import { SqlFilter } from './sql-filter.ts';

/** Of one correlation ID. */
const MAX_TRACES = 1000;
const MAX_LOGS = 10_000;

interface Meaning {
  idType: Correlation['idType'];
  traceIds: Limited<bigint>;
}

async function traceIdsWhere(
  run: Run,
  table: 'spans' | 'logs',
  condition: (filter: SqlFilter) => string,
): Promise<bigint[]> {
  const filter = new SqlFilter();
  filter.where(condition(filter)).where('trace_id <> 0');
  const rows = await run(
    `SELECT DISTINCT trace_id FROM store.${table} WHERE ${filter.clause()} LIMIT ${MAX_TRACES + 1}`,
    filter,
  );
  return rows.map((row) => bigintOf(row, 'trace_id'));
}

/** What the ID is: a trace's, a span's, else a correlation ID (which may look like either). */
async function meaningOf(run: Run, id: string): Promise<Meaning> {
  const traceId = idFromHex(id.toLowerCase(), 32);
  if (traceId) {
    const isTrace = (filter: SqlFilter) => `trace_id = ${filter.traceId(traceId)}`;
    const found = [...(await traceIdsWhere(run, 'spans', isTrace)), ...(await traceIdsWhere(run, 'logs', isTrace))];
    if (found.length > 0) return { idType: 'trace', traceIds: limitedTo(1, [traceId]) };
  }
  const spanId = idFromHex(id.toLowerCase(), 16);
  if (spanId) {
    const traceIds = await traceIdsWhere(run, 'spans', (filter) => `span_id = ${filter.uint64(spanId)}`);
    if (traceIds.length > 0) return { idType: 'span', traceIds: limitedTo(MAX_TRACES, traceIds) };
  }
  const carries = (filter: SqlFilter) => `correlation_id = ${filter.text(id)}`;
  const traceIds = new Set([
    ...(await traceIdsWhere(run, 'spans', carries)),
    ...(await traceIdsWhere(run, 'logs', carries)),
  ]);
  return { idType: 'correlation', traceIds: limitedTo(MAX_TRACES, [...traceIds]) };
}

async function readSpans(run: Run, traceIds: readonly bigint[]): Promise<Limited<Span>> {
  if (traceIds.length === 0) return limitedTo(MAX_TRACE_SPANS, []);
  const filter = new SqlFilter();
  filter.where(`s.trace_id IN (SELECT unnest(${filter.traceIdList(traceIds)}))`);
  const rows = await run(
    `SELECT ${SPAN_COLUMNS} FROM ${SPAN_SOURCE} WHERE ${filter.clause()} ORDER BY s.start_ns, s.span_id LIMIT ${MAX_TRACE_SPANS + 1}`,
    filter,
  );
  return limitedTo(MAX_TRACE_SPANS, rows.map(spanFromRow));
}

async function readLogs(
  run: Run,
  traceIds: readonly bigint[],
  correlationId: string | undefined,
): Promise<Limited<Log>> {
  const filter = new SqlFilter();
  const ofTrace = `l.trace_id IN (SELECT unnest(${filter.traceIdList(traceIds)}))`;
  filter.where(
    correlationId === undefined ? ofTrace : `(${ofTrace} OR l.correlation_id = ${filter.text(correlationId)})`,
  );
  const rows = await run(
    `SELECT ${LOG_COLUMNS} FROM ${LOG_SOURCE} WHERE ${filter.clause()} ORDER BY l.time_ns LIMIT ${MAX_LOGS + 1}`,
    filter,
  );
  return limitedTo(MAX_LOGS, rows.map(logFromRow));
}

function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');
}

function seriesKey({ name, serviceName, labels }: CorrelatedMetric): string {
  return JSON.stringify([name, serviceName, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

const spanEntry = (span: Span): TimelineEntry => ({
  kind: 'span',
  timeUnixNano: span.startTimeUnixNano,
  serviceName: span.serviceName,
  summary: span.status === 'error' && span.statusMessage !== '' ? `${span.name}: ${span.statusMessage}` : span.name,
  durationMs: span.durationMs,
  span,
});

const logEntry = (log: Log): TimelineEntry => ({
  kind: 'log',
  timeUnixNano: log.timeUnixNano,
  serviceName: log.serviceName,
  summary: log.body,
  log,
});

const metricEntry = (metric: CorrelatedMetric): TimelineEntry => ({
  kind: 'metric',
  timeUnixNano: metric.timeUnixNano,
  serviceName: metric.serviceName,
  summary: `${metric.name} ${roundForPeople(metric.value)} ${labelText(metric.labels)}`.trim(),
  metric,
});

/** Four digits of a small number, a large one whole: a sum of floats has seventeen that mean nothing. */
function roundForPeople(value: number): number {
  return Math.abs(value) < 1000 ? Number(value.toPrecision(4)) : Math.round(value);
}

const KIND_ORDER = { span: 0, log: 1, metric: 2 } as const;

function byTime(a: TimelineEntry, b: TimelineEntry): number {
  const [timeA, timeB] = [BigInt(a.timeUnixNano), BigInt(b.timeUnixNano)];
  if (timeA !== timeB) return timeA < timeB ? -1 : 1;
  return KIND_ORDER[a.kind] - KIND_ORDER[b.kind];
}

/**
 * Everything about one trace ID, span ID (its trace) or correlation ID (every trace that carries it). At most 1,000 traces,
 * 20,000 spans, 10,000 logs, 1,000 exemplars and 500 series moved; `truncated` says that there is more.
 */
export async function correlate(run: Run, id: string): Promise<Correlation> {
  const { idType, traceIds } = await meaningOf(run, id);
  const correlationId = idType === 'correlation' ? id : undefined;
  const spans = await readSpans(run, traceIds.items);
  const logs = await readLogs(run, traceIds.items, correlationId);
  const byExemplar = await metricsByExemplar(run, traceIds.items, correlationId ?? '\u0000');
  const bySpan = await metricsBySpan(run, spans.items);
  const exact = new Set(byExemplar.items.map(seriesKey));
  // A series that an exemplar proves needs no second line that only infers it.
  const metrics = [...byExemplar.items, ...bySpan.items.filter((metric) => !exact.has(seriesKey(metric)))];
  // Sorting keeps the order of spans of the same start.
  const timeline = [
    ...inOrder(spans.items).map(spanEntry),
    ...logs.items.map(logEntry),
    ...metrics.map(metricEntry),
  ].sort(byTime);
  const carried = [...spans.items, ...logs.items].map((one) => one.correlationId).filter((one) => one !== '');
  const correlationIds = new Set(carried);
  if (correlationId !== undefined && timeline.length > 0) correlationIds.add(correlationId);
  return {
    id,
    idType: timeline.length === 0 ? 'none' : idType,
    traceIds: traceIds.items.map((traceId) => idToHex(traceId, 32)),
    correlationIds: [...correlationIds],
    spanCount: spans.items.length,
    logCount: logs.items.length,
    metricCount: metrics.length,
    timeline,
    truncated: [traceIds, spans, logs, byExemplar, bySpan].some((part) => part.truncated),
  };
}
