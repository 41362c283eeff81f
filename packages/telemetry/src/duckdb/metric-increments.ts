import { type PointRow, type SeriesRow } from './metric-series.ts';

/** What was added to a series between two times, milliseconds since the epoch. */
export interface Increment<T> {
  fromMs: number;
  toMs: number;
  amount: T;
  /** How often the series is exported, as far as its newest point tells. */
  everyMs: number;
  /** Counted from nothing: no point before it is missing. */
  sinceStart: boolean;
}

/** How to take amounts apart: numbers, or histograms. */
export interface Amounts<T> {
  of(point: PointRow): T;
  /** `later` minus `earlier`; `undefined` when something fell: the counter was reset. */
  minus(later: T, earlier: T): T | undefined;
}

/** A first point whose series began this long before it or less is believed to count from its start. */
export const TRUSTED_START_MS = 300_000;

/** When the first stored point of a cumulative series began to count; `undefined` when that is not known. */
function beginOf(point: PointRow, next: PointRow | undefined, series: SeriesRow): number | undefined {
  const isFirstEver = BigInt(Math.round(point.timeMs * 1000)) * 1000n <= series.firstNs + 1000n;
  if (!isFirstEver) return undefined; // its baseline lies before the window that was read
  const near = point.startMs > 0 && point.timeMs - point.startMs <= TRUSTED_START_MS;
  const startMs = Math.min(point.startMs, point.timeMs);
  if (!series.bornHere) return near ? startMs : undefined;
  // Its process exported without it one interval before, which the next point shows.
  const exportedMs = point.timeMs - Math.min(next?.gapMs ?? 0, TRUSTED_START_MS);
  return near ? Math.max(startMs, exportedMs) : exportedMs;
}

/**
 * Increments of one series from its points in time order. Delta points are increments already. Of a cumulative series the
 * difference to the point before counts; after a reset (new start time, or a fall) the whole new value does.
 */
export function incrementsOf<T>(points: readonly PointRow[], series: SeriesRow, amounts: Amounts<T>): Increment<T>[] {
  const result: Increment<T>[] = [];
  const push = (point: PointRow, fromMs: number, amount: T, sinceStart: boolean) => {
    const everyMs = point.gapMs > 0 ? point.gapMs : point.timeMs - fromMs;
    result.push({ fromMs, toMs: point.timeMs, amount, everyMs, sinceStart });
  };
  for (const [index, point] of points.entries()) {
    const amount = amounts.of(point);
    const previous = points[index - 1];
    if (series.temporality === 'delta') {
      push(point, point.startMs > 0 ? Math.min(point.startMs, point.timeMs) : point.timeMs, amount, true);
    } else if (previous === undefined) {
      const fromMs = beginOf(point, points[index + 1], series);
      if (fromMs !== undefined) push(point, fromMs, amount, true);
    } else if (point.startMs > previous.timeMs) {
      push(point, point.startMs, amount, true);
    } else {
      push(point, previous.timeMs, amounts.minus(amount, amounts.of(previous)) ?? amount, false);
    }
  }
  return result;
}
