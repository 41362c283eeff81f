import { TelemetryError } from '../errors.ts';
import { msToNs } from './ids.ts';
import { type PointRow, type SeriesRow } from './metric-series.ts';
import { type StepGrid } from './metric-steps.ts';
import { type Run } from './query-spans.ts';
import { bigintOf, numberOf, textOf } from './rows-to-model.ts';
import { SqlFilter } from './sql-filter.ts';

/** Points of one query that reach JavaScript. */
const MAX_POINTS = 500_000;
/** How far before the range a counter's previous value is looked for, and after it the next. */
const LOOK_AROUND_MS = 300_000;

/**
 * Points of the series, thinned to what the steps need: of a cumulative series or gauge the first and last of each step and
 * those around a reset; of a delta series all. One point after the last step tells what belongs into it.
 */
export async function readPoints(
  run: Run,
  series: readonly SeriesRow[],
  grid: StepGrid,
  withDetail: boolean,
): Promise<PointRow[]> {
  const filter = new SqlFilter();
  const deltas = series.filter((one) => one.temporality === 'delta').map((one) => one.id);
  filter.where(`series_id IN (SELECT unnest(${filter.uint64List(series.map((one) => one.id))}))`);
  const endMs = grid.startMs + grid.count * grid.stepMs;
  const aroundMs = Math.max(LOOK_AROUND_MS, grid.stepMs);
  filter.whereIn({ startMs: grid.startMs - aroundMs, endMs: endMs + aroundMs }, 'time_ns');
  const end = filter.uint64(msToNs(endMs));
  const origin = filter.uint64(msToNs(grid.startMs));
  const stepNs = filter.uint64(msToNs(grid.stepMs));
  const isDelta = `series_id IN (SELECT unnest(${filter.uint64List(deltas)}))`;
  const rows = await run(
    `SELECT *, coalesce(time_ns - before, 0) AS gap_ns FROM (
       SELECT series_id, time_ns, start_ns, value, count, sum, ${withDetail ? 'buckets, detail' : `'' AS buckets, '' AS detail`},
         lag(time_ns) OVER w AS before, lead(time_ns) OVER w AS after,
         lead(start_ns) OVER w IS DISTINCT FROM start_ns OR lead(value) OVER w < value OR lead(count) OVER w < count AS ends,
         lag(start_ns) OVER w IS DISTINCT FROM start_ns OR lag(value) OVER w > value OR lag(count) OVER w > count AS begins
       FROM store.metric_points WHERE ${filter.clause()} WINDOW w AS (PARTITION BY series_id ORDER BY time_ns))
     WHERE (time_ns < ${end} OR before < ${end}) AND (begins OR ends OR ${isDelta}
       OR (before::HUGEINT - ${origin}) // ${stepNs} <> (time_ns::HUGEINT - ${origin}) // ${stepNs}
       OR (after::HUGEINT - ${origin}) // ${stepNs} <> (time_ns::HUGEINT - ${origin}) // ${stepNs})
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
    gapMs: numberOf(row, 'gap_ns') / 1e6,
    value: numberOf(row, 'value'),
    count: numberOf(row, 'count'),
    sum: numberOf(row, 'sum'),
    buckets: textOf(row, 'buckets'),
    detail: textOf(row, 'detail'),
  }));
}
