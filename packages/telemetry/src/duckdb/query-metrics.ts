import { TelemetryError } from '../errors.ts';
import {
  type MetricAggregation,
  type MetricDescriptor,
  type MetricQuery,
  type MetricQueryResult,
  type TimeRange,
} from '../query.ts';
import { msToNs } from './ids.ts';
import { aggregateSeries, type StepGrid } from './metric-aggregate.ts';
import { type PointRow, type SeriesRow } from './metric-series.ts';
import { type Row } from './read-pool.ts';
import { bigintOf, numberOf, parseObject, textOf } from './rows-to-model.ts';
import { type Run } from './query-spans.ts';
import { SqlFilter } from './sql-filter.ts';

const MAX_METRICS = 5000;
/** Series of one query. */
const MAX_SERIES = 5000;
/** Steps of one query, and points that reach JavaScript. */
export const MAX_STEPS = 11_000;
const MAX_POINTS = 500_000;
const DEFAULT_STEPS = 60;
const MIN_DEFAULT_STEP_SECONDS = 5;
/** How far before the range a counter's previous value is looked for. */
const LOOKBACK_MS = 300_000;

export async function listMetrics(run: Run, range: TimeRange): Promise<MetricDescriptor[]> {
  const filter = new SqlFilter();
  if (range.startMs !== undefined || range.endMs !== undefined) {
    const points = new SqlFilter();
    points.whereIn(range, 'time_ns');
    Object.assign(filter.values, points.values);
    Object.assign(filter.types, points.types);
    filter.where(`series_id IN (SELECT DISTINCT series_id FROM store.metric_points WHERE ${points.clause()})`);
  }
  const rows = await run(
    `WITH chosen AS (SELECT * FROM store.metric_series WHERE ${filter.clause()}),
       keys AS (SELECT name, list(DISTINCT key ORDER BY key) AS labels FROM (SELECT name, unnest(json_keys(attributes)) AS key FROM chosen) GROUP BY name)
     SELECT c.name, arg_max(c.description, c.first_ns) AS description, arg_max(c.unit, c.first_ns) AS unit,
       arg_max(c.type, c.first_ns) AS type, arg_max(c.monotonic, c.first_ns) AS monotonic,
       list(DISTINCT c.service ORDER BY c.service) AS services, count(*) AS series, any_value(k.labels) AS labels
     FROM chosen c LEFT JOIN keys k USING (name) GROUP BY c.name ORDER BY c.name LIMIT ${MAX_METRICS}`,
    filter,
  );
  return rows.map((row) => ({
    name: textOf(row, 'name'),
    description: textOf(row, 'description'),
    unit: textOf(row, 'unit'),
    type: textOf(row, 'type') as MetricDescriptor['type'],
    monotonic: row['monotonic'] === true,
    labels: listOf(row, 'labels'),
    services: listOf(row, 'services'),
    seriesCount: numberOf(row, 'series'),
  }));
}

function listOf(row: Row, column: string): string[] {
  const value = row[column];
  return typeof value === 'object' && value !== null && 'items' in value ? value.items.map(String) : [];
}

function seriesFromRow(row: Row): SeriesRow {
  return {
    id: bigintOf(row, 'series_id'),
    unit: textOf(row, 'unit'),
    type: textOf(row, 'type') as MetricDescriptor['type'],
    temporality: textOf(row, 'temporality') as SeriesRow['temporality'],
    monotonic: row['monotonic'] === true,
    service: textOf(row, 'service'),
    attributes: parseObject(textOf(row, 'attributes')),
    resource: parseObject(textOf(row, 'resource')),
    bounds: JSON.parse(textOf(row, 'bounds') || '[]') as number[],
    firstNs: bigintOf(row, 'first_ns'),
    // A series whose resource had reported before it appeared started at zero here, before our eyes.
    bornHere: bigintOf(row, 'first_ns') > bigintOf(row, 'resource_first_ns'),
  };
}

/** @throws {TelemetryError} `NOT_FOUND` when no metric of that name is stored at all */
async function findSeries(run: Run, query: MetricQuery): Promise<{ kind: SeriesRow; series: SeriesRow[] }> {
  const filter = new SqlFilter();
  const name = filter.text(query.name);
  filter.where(`m.name = ${name}`);
  if (query.service !== undefined) filter.where(`m.service = ${filter.text(query.service)}`);
  for (const [key, value] of Object.entries(query.labels ?? {})) {
    const own = filter.jsonEquals('m.attributes', key, value);
    filter.where(key === 'service' ? `(${own} OR m.service = ${filter.text(value)})` : own);
  }
  const rows = await run(
    `SELECT m.*, coalesce(r.attributes, '{}') AS resource, f.resource_first_ns, ${filter.clause()} AS chosen
     FROM store.metric_series m LEFT JOIN store.resources r USING (resource_id)
       JOIN (SELECT resource_id, min(first_ns) AS resource_first_ns FROM store.metric_series GROUP BY resource_id) f USING (resource_id)
     WHERE m.name = ${name} ORDER BY chosen DESC, m.first_ns DESC LIMIT ${MAX_SERIES + 1}`,
    filter,
  );
  const [newest] = rows;
  if (newest === undefined)
    throw new TelemetryError(
      'NOT_FOUND',
      `No metric named ${JSON.stringify(query.name)} is stored. List the metrics to see what is.`,
    );
  const kind = seriesFromRow(newest);
  // Series of the same name but another type (an application changed it) cannot be added up with these.
  const series = rows
    .filter((row) => row['chosen'] === true)
    .map(seriesFromRow)
    .filter((one) => one.type === kind.type);
  if (series.length > MAX_SERIES)
    throw new TelemetryError(
      'INVALID_QUERY',
      `The query selects more than ${MAX_SERIES} series of ${query.name}. Add a label or service filter.`,
    );
  return { kind, series };
}

const FITTING: Readonly<Record<MetricDescriptor['type'], readonly MetricAggregation[]>> = {
  gauge: ['last', 'sum', 'avg', 'max', 'min'],
  sum: ['last', 'rate', 'increase', 'sum', 'avg', 'max', 'min'],
  histogram: ['last', 'rate', 'increase', 'avg', 'max', 'min', 'quantile'],
  exponential_histogram: ['last', 'rate', 'increase', 'avg', 'max', 'min', 'quantile'],
  summary: ['last', 'rate', 'increase', 'avg', 'max', 'min'],
};

function chooseAggregation(query: MetricQuery, { type, monotonic }: SeriesRow): MetricAggregation {
  const counts = type !== 'gauge' && (type !== 'sum' || monotonic);
  const chosen = query.aggregation ?? (counts ? 'rate' : 'last');
  const fitting = FITTING[type].filter((one) => counts || (one !== 'rate' && one !== 'increase'));
  if (!fitting.includes(chosen)) {
    const kind = type === 'sum' && !monotonic ? 'sum that can fall' : type.replace('_', ' ');
    throw new TelemetryError(
      'INVALID_QUERY',
      `aggregation=${chosen} does not fit ${query.name}, a ${kind}: allowed are ${fitting.join(', ')}.`,
    );
  }
  return chosen;
}

async function rangeOf(
  run: Run,
  query: MetricQuery,
  ids: readonly bigint[],
): Promise<{ startMs: number; endMs: number } | undefined> {
  if (query.startMs !== undefined && query.endMs !== undefined) return { startMs: query.startMs, endMs: query.endMs };
  const filter = new SqlFilter();
  filter.where(`series_id IN (SELECT unnest(${filter.uint64List(ids)}))`);
  const [row] = await run(
    `SELECT min(time_ns) AS first, max(time_ns) AS last FROM store.metric_points WHERE ${filter.clause()}`,
    filter,
  );
  if (row === undefined || row['first'] === null) return undefined;
  const startMs = query.startMs ?? Math.floor(Number(bigintOf(row, 'first') / 1_000_000n));
  return { startMs, endMs: query.endMs ?? Number(bigintOf(row, 'last') / 1_000_000n) + 1 };
}

function gridOf(query: MetricQuery, { startMs, endMs }: { startMs: number; endMs: number }): StepGrid {
  const seconds =
    query.stepSeconds ?? Math.max(MIN_DEFAULT_STEP_SECONDS, Math.ceil((endMs - startMs) / 1000 / DEFAULT_STEPS));
  const count = Math.ceil((endMs - startMs) / 1000 / seconds);
  if (count > MAX_STEPS) {
    throw new TelemetryError(
      'INVALID_QUERY',
      `stepSeconds=${seconds} makes ${count} steps of the range: at most ${MAX_STEPS} are allowed. Use a longer step or a shorter range.`,
    );
  }
  return { startMs, stepMs: seconds * 1000, count: Math.max(0, count) };
}

/**
 * Points of the series, thinned to what the steps need: of a cumulative series or gauge the first and last of each step and
 * those around a reset; of a delta series all.
 */
async function readPoints(
  run: Run,
  series: readonly SeriesRow[],
  grid: StepGrid,
  withDetail: boolean,
): Promise<PointRow[]> {
  const filter = new SqlFilter();
  const deltas = series.filter((one) => one.temporality === 'delta').map((one) => one.id);
  filter.where(`series_id IN (SELECT unnest(${filter.uint64List(series.map((one) => one.id))}))`);
  filter.whereIn(
    { startMs: grid.startMs - Math.max(LOOKBACK_MS, grid.stepMs), endMs: grid.startMs + grid.count * grid.stepMs },
    'time_ns',
  );
  const origin = filter.uint64(msToNs(grid.startMs));
  const stepNs = filter.uint64(msToNs(grid.stepMs));
  const isDelta = `series_id IN (SELECT unnest(${filter.uint64List(deltas)}))`;
  const rows = await run(
    `SELECT * FROM (
       SELECT series_id, time_ns, start_ns, value, count, sum, ${withDetail ? 'buckets, detail' : `'' AS buckets, '' AS detail`},
         lag(time_ns) OVER w AS before, lead(time_ns) OVER w AS after,
         lead(start_ns) OVER w IS DISTINCT FROM start_ns OR lead(value) OVER w < value OR lead(count) OVER w < count AS ends,
         lag(start_ns) OVER w IS DISTINCT FROM start_ns OR lag(value) OVER w > value OR lag(count) OVER w > count AS begins
       FROM store.metric_points WHERE ${filter.clause()} WINDOW w AS (PARTITION BY series_id ORDER BY time_ns))
     WHERE begins OR ends OR ${isDelta}
       OR (before::HUGEINT - ${origin}) // ${stepNs} <> (time_ns::HUGEINT - ${origin}) // ${stepNs}
       OR (after::HUGEINT - ${origin}) // ${stepNs} <> (time_ns::HUGEINT - ${origin}) // ${stepNs}
     ORDER BY series_id, time_ns LIMIT ${MAX_POINTS + 1}`,
    filter,
  );
  if (rows.length > MAX_POINTS)
    throw new TelemetryError(
      'INVALID_QUERY',
      `The query reads more than ${MAX_POINTS} points. Use a longer step, a shorter range or a label filter.`,
    );
  return rows.map((row) => ({
    seriesId: bigintOf(row, 'series_id'),
    timeMs: Number(bigintOf(row, 'time_ns') / 1000n) / 1000,
    startMs: Number(bigintOf(row, 'start_ns') / 1000n) / 1000,
    value: numberOf(row, 'value'),
    count: numberOf(row, 'count'),
    sum: numberOf(row, 'sum'),
    buckets: textOf(row, 'buckets'),
    detail: textOf(row, 'detail'),
  }));
}

export async function queryMetric(run: Run, query: MetricQuery): Promise<MetricQueryResult> {
  const { kind, series } = await findSeries(run, query);
  const aggregation = chooseAggregation(query, kind);
  const result = { name: query.name, unit: kind.unit, type: kind.type, aggregation };
  const range =
    series.length === 0
      ? undefined
      : await rangeOf(
          run,
          query,
          series.map((one) => one.id),
        );
  if (range === undefined) return { ...result, series: [] };
  const grid = gridOf(query, range);
  const points = await readPoints(run, series, grid, aggregation === 'quantile');
  return {
    ...result,
    series: aggregateSeries({
      series,
      points,
      grid,
      aggregation,
      quantile: query.quantile ?? 0.95,
      groupBy: query.groupBy,
    }),
  };
}
