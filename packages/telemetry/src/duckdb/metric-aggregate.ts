import { type MetricAggregation, type MetricSeries } from '../query.ts';
import { mergeHistograms, histogramAmounts, quantileOf, scaleHistogram, type Histogram } from './metric-histogram.ts';
import { incrementsOf, type Amounts, type Increment } from './metric-increments.ts';
import { groupSeries, type PointRow, type SeriesRow } from './metric-series.ts';

/** Steps `[startMs + i * stepMs, startMs + (i + 1) * stepMs)`. */
export interface StepGrid {
  startMs: number;
  stepMs: number;
  count: number;
}

export interface AggregateRequest {
  series: readonly SeriesRow[];
  points: readonly PointRow[];
  grid: StepGrid;
  aggregation: MetricAggregation;
  quantile: number;
  groupBy: readonly string[] | undefined;
}

type Steps<T> = Map<number, T>;

/** In a group, a series that did not report in a step stands with its last value for this long (or the step, when that is longer). */
const STALE_MS = 60_000;

const stepAt = ({ startMs, stepMs }: StepGrid, timeMs: number): number => Math.floor((timeMs - startMs) / stepMs);

/** Spreads an increment evenly over the steps that its time covers, so that a rate does not depend on how export and step meet. */
function spread<T>(
  into: Steps<T>,
  increment: Increment<T>,
  grid: StepGrid,
  add: (sum: T | undefined, amount: T, share: number) => T,
): void {
  const { fromMs, toMs, amount } = increment;
  // An increment ends at its point's time, which on a border still belongs to the step before it.
  const last = toMs > fromMs ? Math.ceil((toMs - grid.startMs) / grid.stepMs) - 1 : stepAt(grid, toMs);
  const first = toMs > fromMs ? stepAt(grid, fromMs) : last;
  for (let step = Math.max(0, first); step <= Math.min(last, grid.count - 1); step += 1) {
    const begin = grid.startMs + step * grid.stepMs;
    const covered = Math.min(toMs, begin + grid.stepMs) - Math.max(fromMs, begin);
    into.set(step, add(into.get(step), amount, toMs > fromMs ? covered / (toMs - fromMs) : 1));
  }
}

const addNumber = (sum: number | undefined, amount: number, share: number): number => (sum ?? 0) + amount * share;
const addHistogram = (sum: Histogram | undefined, amount: Histogram, share: number): Histogram =>
  sum === undefined ? scaleHistogram(amount, share) : mergeHistograms(sum, scaleHistogram(amount, share));

function numberAmounts(of: (point: PointRow) => number): Amounts<number> {
  return { of, minus: (later, earlier) => (later < earlier ? undefined : later - earlier) };
}

const isScalar = ({ type }: SeriesRow): boolean => type === 'gauge' || type === 'sum';

function addIncreases(
  into: Steps<number>,
  series: SeriesRow,
  points: readonly PointRow[],
  grid: StepGrid,
  of: (point: PointRow) => number,
): void {
  for (const increment of incrementsOf(points, series, numberAmounts(of))) spread(into, increment, grid, addNumber);
}

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

function groupSteps(
  request: AggregateRequest,
  members: readonly SeriesRow[],
  pointsOf: (series: SeriesRow) => readonly PointRow[],
): Steps<number> {
  const { aggregation, grid, quantile } = request;
  if (aggregation === 'quantile') {
    const histograms: Steps<Histogram> = new Map();
    for (const one of members) {
      for (const increment of incrementsOf(pointsOf(one), one, histogramAmounts(one)))
        spread(histograms, increment, grid, addHistogram);
    }
    return new Map([...histograms].map(([step, histogram]) => [step, quantileOf(histogram, quantile)]));
  }
  if (aggregation === 'rate' || aggregation === 'increase') {
    const steps: Steps<number> = new Map();
    for (const one of members)
      addIncreases(steps, one, pointsOf(one), grid, isScalar(one) ? (point) => point.value : (point) => point.count);
    if (aggregation === 'increase') return steps;
    return new Map([...steps].map(([step, amount]) => [step, amount / (grid.stepMs / 1000)]));
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
  const pointsOf = (one: SeriesRow): readonly PointRow[] => bySeries.get(one.id) ?? [];
  const lines: MetricSeries[] = [];
  for (const [, { labels, members }] of [...groupSeries(request.series, request.groupBy)].sort(([a], [b]) =>
    a < b ? -1 : 1,
  )) {
    const points = [...groupSteps(request, members, pointsOf)]
      .filter(([step, value]) => step >= 0 && step < grid.count && Number.isFinite(value))
      .sort(([a], [b]) => a - b)
      .map(([step, value]): [number, number] => [grid.startMs + step * grid.stepMs, value]);
    if (points.length > 0) lines.push({ labels, points });
  }
  return lines;
}
