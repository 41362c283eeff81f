import { type Amounts } from './metric-increments.ts';
import { type PointRow, type SeriesRow } from './metric-series.ts';

/** Observations by bucket: `counts[i]` lie in (bounds[i - 1], bounds[i]]; the last count is above every bound. */
export interface Histogram {
  bounds: readonly number[];
  counts: readonly number[];
}

interface ExponentialSide {
  offset: number;
  counts: readonly number[];
}

interface ExponentialDetail {
  scale?: number;
  zeroCount?: number;
  positive?: ExponentialSide;
  negative?: ExponentialSide;
}

function parse(json: string): unknown {
  return json === '' ? undefined : JSON.parse(json);
}

/** An exponential histogram as explicit buckets: base 2^(2^-scale), bucket i of offset o is (base^(o+i), base^(o+i+1)]. */
export function fromExponential({ scale = 0, zeroCount = 0, positive, negative }: ExponentialDetail): Histogram {
  const base = 2 ** (2 ** -scale);
  const bounds: number[] = [];
  const counts: number[] = [];
  const push = (bound: number, count: number) => {
    bounds.push(bound);
    counts.push(count);
  };
  const below = negative?.counts ?? [];
  if (below.length > 0) push(-(base ** ((negative?.offset ?? 0) + below.length)), 0);
  for (let index = below.length - 1; index >= 0; index -= 1)
    push(-(base ** ((negative?.offset ?? 0) + index)), below[index] ?? 0);
  const above = positive?.counts ?? [];
  push(above.length > 0 ? base ** (positive?.offset ?? 0) : 0, zeroCount);
  above.forEach((count, index) => push(base ** ((positive?.offset ?? 0) + index + 1), count));
  return { bounds, counts: [...counts, 0] };
}

/** How many observations are at most `bound`, taking them as evenly spread inside their bucket. */
function countUpTo({ bounds, counts }: Histogram, bound: number): number {
  let below = 0;
  for (const [index, upper] of bounds.entries()) {
    const inBucket = counts[index] ?? 0;
    if (bound >= upper) {
      below += inBucket;
      continue;
    }
    const lower = index === 0 ? Math.min(0, upper) : (bounds[index - 1] ?? upper);
    const share = upper > lower && bound > lower ? (bound - lower) / (upper - lower) : 0;
    return below + inBucket * share;
  }
  return below;
}

const total = ({ counts }: Histogram): number => counts.reduce((sum, count) => sum + count, 0);

const sameBounds = (a: Histogram, b: Histogram): boolean =>
  a.bounds.length === b.bounds.length && a.bounds.every((bound, index) => bound === b.bounds[index]);

function rebucket(histogram: Histogram, bounds: readonly number[]): Histogram {
  let below = 0;
  const counts = bounds.map((bound) => {
    const upTo = countUpTo(histogram, bound);
    const inBucket = Math.max(0, upTo - below);
    below = upTo;
    return inBucket;
  });
  return { bounds, counts: [...counts, Math.max(0, total(histogram) - below)] };
}

/** Both together; buckets that differ are brought to the union of their bounds. */
export function mergeHistograms(a: Histogram, b: Histogram): Histogram {
  if (!sameBounds(a, b)) {
    const bounds = [...new Set([...a.bounds, ...b.bounds])].sort((x, y) => x - y);
    return mergeHistograms(rebucket(a, bounds), rebucket(b, bounds));
  }
  return { bounds: a.bounds, counts: a.counts.map((count, index) => count + (b.counts[index] ?? 0)) };
}

export function scaleHistogram({ bounds, counts }: Histogram, share: number): Histogram {
  return share === 1 ? { bounds, counts } : { bounds, counts: counts.map((count) => count * share) };
}

/** Amounts of a histogram series, for its increments. */
export function histogramAmounts(series: SeriesRow): Amounts<Histogram> {
  const of = ({ buckets, detail }: PointRow): Histogram =>
    series.type === 'exponential_histogram'
      ? fromExponential(parse(detail) ?? {})
      : { bounds: series.bounds, counts: (parse(buckets) ?? []) as number[] };
  return {
    of,
    minus: (later, earlier) => {
      const before = sameBounds(later, earlier) ? earlier : rebucket(earlier, later.bounds);
      const counts = later.counts.map((count, index) => count - (before.counts[index] ?? 0));
      if (total(later) < total(earlier)) return undefined;
      return { bounds: later.bounds, counts: counts.map((count) => Math.max(0, count)) };
    },
  };
}

/**
 * The value below which the share `quantile` of the observations lies, by linear interpolation inside its bucket as PromQL's
 * `histogram_quantile` does: the lowest bucket starts at 0 when its bound is positive, the highest bound stands for everything
 * above it. NaN without observations.
 */
export function quantileOf(histogram: Histogram, quantile: number): number {
  const { bounds, counts } = histogram;
  const all = total(histogram);
  if (all <= 0 || bounds.length === 0) return Number.NaN;
  const rank = quantile * all;
  let below = 0;
  for (const [index, upper] of bounds.entries()) {
    const inBucket = counts[index] ?? 0;
    // The tolerance is for counts that were scaled.
    if (below + inBucket < rank - all * 1e-9 || inBucket === 0) {
      below += inBucket;
      continue;
    }
    if (index === 0 && upper <= 0) return upper;
    const lower = index === 0 ? 0 : (bounds[index - 1] ?? 0);
    return lower + ((upper - lower) * (rank - below)) / inBucket;
  }
  return bounds.at(-1) ?? Number.NaN;
}
