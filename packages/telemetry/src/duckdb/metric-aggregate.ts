import { type MetricAggregation, type MetricSeries } from '../query.ts';
import { mergeHistograms, histogramAmounts, quantileOf, scaleHistogram, type Histogram } from './metric-histogram.ts';
import { incrementsOf, type Amounts, type Increment } from './metric-increments.ts';
import { ratesOf, reportedByProcess, type RateRequest } from './metric-rate.ts';
import { groupSeries, type PointRow, type SeriesRow } from './metric-series.ts';
import { addNumber, spread, stepAt, type StepGrid, type Steps } from './metric-steps.ts';

export interface AggregateRequest {
  series: readonly SeriesRow[];
  points: readonly PointRow[];
  grid: StepGrid;
  /** The time of the query: tells a process that ended from one whose next export is still to come. */
  nowMs: number;
  aggregation: MetricAggregation;
  quantile: number;
  groupBy: readonly string[] | undefined;
}

/** In a group, a series that did not report in a step stands with its last value for this long (or the step, when that is longer). */
const STALE_MS = 60_000;

const addHistogram = (sum: Histogram | undefined, amount: Histogram, share: number): Histogram =>
  sum === undefined ? scaleHistogram(amount, share) : mergeHistograms(sum, scaleHistogram(amount, share));

function numberAmounts(of: (point: PointRow) => number): Amounts<number> {
  return { of, minus: (later, earlier) => (later < earlier ? undefined : later - earlier) };
}

const isScalar = ({ type }: SeriesRow): boolean => type === 'gauge' || type === 'sum';

/** Last value of each step; of a delta sum the total since the range began; of a histogram the mean of what it observed in the step. */
function lastValues(series: SeriesRow, points: readonly PointRow[], grid: StepGrid): Steps<number> {
  const steps: Steps<number> = new Map();
  if (!isScalar(series)) {
    const counts: Steps<number> = new Map();
    const sums: Steps<number> = new Map();
    for (const { amount, ...time } of incrementsOf(points, series, countAndSum)) {
      spread(counts, { ...time, amount: amount.count }, grid, addNumber);
      spread(sums, { ...time, amount: amount.sum }, grid, addNumber);
    }
    for (const [step, count] of counts) if (count > 0) steps.set(step, (sums.get(step) ?? 0) / count);
    return steps;
  }
  let total = 0;
  for (const { timeMs, value } of points) {
    const step = stepAt(grid, timeMs);
    if (step < 0) continue;
    total += value;
    steps.set(step, series.temporality === 'delta' ? total : value);
  }
  return steps;
}

/** A sum may fall without a reset (negative observations): the count says when there was one. */
const countAndSum: Amounts<{ count: number; sum: number }> = {
  of: ({ count, sum }) => ({ count, sum }),
  minus: (later, earlier) =>
    later.count < earlier.count ? undefined : { count: later.count - earlier.count, sum: later.sum - earlier.sum },
};

const COMBINE: Readonly<Record<'sum' | 'avg' | 'max' | 'min', (values: readonly number[]) => number>> = {
  sum: (values) => values.reduce((a, b) => a + b, 0),
  avg: (values) => values.reduce((a, b) => a + b, 0) / values.length,
  max: (values) => values.reduce((a, b) => Math.max(a, b)),
  min: (values) => values.reduce((a, b) => Math.min(a, b)),
};

/** Combines the series' values of each step in which one of them has a value. */
function combine(
  all: readonly Steps<number>[],
  grid: StepGrid,
  how: (values: readonly number[]) => number,
): Steps<number> {
  const steps = [...new Set(all.flatMap((one) => [...one.keys()]))].sort((a, b) => a - b);
  const staleSteps = Math.ceil(STALE_MS / grid.stepMs) - 1;
  const latest: ({ step: number; value: number } | undefined)[] = all.map(() => undefined);
  const result: Steps<number> = new Map();
  for (const step of steps) {
    const values: number[] = [];
    for (const [index, one] of all.entries()) {
      const value = one.get(step);
      if (value !== undefined) latest[index] = { step, value };
      const standing = latest[index];
      if (standing !== undefined && step - standing.step <= staleSteps) values.push(standing.value);
    }
    result.set(step, how(values));
  }
  return result;
}

type PointsOf = (series: SeriesRow) => readonly PointRow[];
type Increases = Pick<RateRequest, 'incrementsOf' | 'processes'>;

/** What each series has grown by: a sum by its value, everything else by its count. */
function increasesOf({ series, aggregation }: AggregateRequest, pointsOf: PointsOf): Increases {
  const asked = aggregation === 'rate' || aggregation === 'increase';
  const bySeries = new Map(
    (asked ? series : []).map((one) => {
      const amounts = numberAmounts(isScalar(one) ? (point) => point.value : (point) => point.count);
      return [one.id, incrementsOf(pointsOf(one), one, amounts)];
    }),
  );
  const ofSeries = (one: SeriesRow): readonly Increment<number>[] => bySeries.get(one.id) ?? [];
  return { incrementsOf: ofSeries, processes: reportedByProcess(series, ofSeries) };
}

function groupSteps(
  request: AggregateRequest,
  members: readonly SeriesRow[],
  pointsOf: PointsOf,
  increases: Increases,
): Steps<number> {
  const { aggregation, grid, quantile, nowMs } = request;
  if (aggregation === 'quantile') {
    const histograms: Steps<Histogram> = new Map();
    for (const one of members) {
      for (const increment of incrementsOf(pointsOf(one), one, histogramAmounts(one)))
        spread(histograms, increment, grid, addHistogram);
    }
    return new Map([...histograms].map(([step, histogram]) => [step, quantileOf(histogram, quantile)]));
  }
  if (aggregation === 'rate' || aggregation === 'increase') {
    return ratesOf({ kind: aggregation, grid, ...increases, nowMs }, members);
  }
  return combine(
    members.map((one) => lastValues(one, pointsOf(one), grid)),
    grid,
    COMBINE[aggregation === 'last' ? 'sum' : aggregation],
  );
}

/** Lines of the request, by their labels. Values that are no finite numbers are left out. */
export function aggregateSeries(request: AggregateRequest): MetricSeries[] {
  const { grid } = request;
  const bySeries = Map.groupBy(request.points, (point) => point.seriesId);
  const pointsOf: PointsOf = (one) => bySeries.get(one.id) ?? [];
  const increases = increasesOf(request, pointsOf);
  const lines: MetricSeries[] = [];
  for (const [, { labels, members }] of [...groupSeries(request.series, request.groupBy)].sort(([a], [b]) =>
    a < b ? -1 : 1,
  )) {
    const points = [...groupSteps(request, members, pointsOf, increases)]
      .filter(([step, value]) => step >= 0 && step < grid.count && Number.isFinite(value))
      .sort(([a], [b]) => a - b)
      .map(([step, value]): [number, number] => [grid.startMs + step * grid.stepMs, value]);
    if (points.length > 0) lines.push({ labels, points });
  }
  return lines;
}
