import { TelemetryError } from '../errors.ts';
import { type MetricQuery } from '../query.ts';
import { TRUSTED_START_MS } from './metric-increments.ts';
import { type SeriesRow } from './metric-series.ts';
import { type StepGrid } from './metric-steps.ts';
import { type Run } from './query-spans.ts';
import { bigintOf } from './rows-to-model.ts';
import { SqlFilter } from './sql-filter.ts';

/** Of one query. */
const MAX_STEPS = 11_000;
const DEFAULT_STEPS = 60;
const MIN_DEFAULT_STEP_SECONDS = 5;

/** The time of all stored points, with the time in which the first were counted. */
async function rangeOf(
  run: Run,
  query: MetricQuery,
  series: readonly SeriesRow[],
): Promise<{ startMs: number; endMs: number } | undefined> {
  if (query.startMs !== undefined && query.endMs !== undefined) return { startMs: query.startMs, endMs: query.endMs };
  const filter = new SqlFilter();
  filter.where(`series_id IN (SELECT unnest(${filter.uint64List(series.map(({ id }) => id))}))`);
  const counted = series.some(({ type }) => type !== 'gauge')
    ? `min(CASE WHEN start_ns > 0 AND start_ns < time_ns AND start_ns + ${TRUSTED_START_MS}000000 >= time_ns THEN start_ns ELSE time_ns END)`
    : 'min(time_ns)';
  const [row] = await run(
    `SELECT ${counted} AS first, max(time_ns) AS last FROM store.metric_points WHERE ${filter.clause()}`,
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

/** The query's steps: over the time of all stored points where it names none; `undefined` without points. */
export async function chooseGrid(
  run: Run,
  query: MetricQuery,
  series: readonly SeriesRow[],
): Promise<StepGrid | undefined> {
  const range = series.length === 0 ? undefined : await rangeOf(run, query, series);
  return range === undefined ? undefined : gridOf(query, range);
}
