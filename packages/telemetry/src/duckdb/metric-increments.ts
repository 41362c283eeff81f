import { type PointRow, type SeriesRow } from './metric-series.ts';

/** What was added to a series between two times, milliseconds since the epoch. */
export interface Increment<T> {
  fromMs: number;
  toMs: number;
  amount: T;
}

/** How to take amounts apart: numbers, or histograms. */
export interface Amounts<T> {
  of(point: PointRow): T;
  /** `later` minus `earlier`; `undefined` when something fell: the counter was reset. */
  minus(later: T, earlier: T): T | undefined;
}

/** A first point whose series began this long before it or less is believed to count from its start. */
const TRUSTED_START_MS = 300_000;

function firstIncrement<T>(point: PointRow, series: SeriesRow, amount: T): Increment<T> | undefined {
  const isFirstEver = BigInt(Math.round(point.timeMs * 1000)) * 1000n <= series.firstNs + 1000n;
  if (!isFirstEver) return undefined; // its baseline lies before the window that was read
  if (series.bornHere) return { fromMs: point.timeMs, toMs: point.timeMs, amount };
  const known = point.startMs > 0 && point.timeMs - point.startMs <= TRUSTED_START_MS;
  return known ? { fromMs: Math.min(point.startMs, point.timeMs), toMs: point.timeMs, amount } : undefined;
}

/**
 * Increments of one series from its points in time order. Delta points are increments already. Of a cumulative series the
 * difference to the point before counts; after a reset (new start time, or a fall) the whole new value does.
 */
export function incrementsOf<T>(points: readonly PointRow[], series: SeriesRow, amounts: Amounts<T>): Increment<T>[] {
  const result: Increment<T>[] = [];
  let previous: PointRow | undefined;
  for (const point of points) {
    const amount = amounts.of(point);
    if (series.temporality === 'delta') {
      const fromMs = point.startMs > 0 ? Math.min(point.startMs, point.timeMs) : point.timeMs;
      result.push({ fromMs, toMs: point.timeMs, amount });
    } else if (previous === undefined) {
      const first = firstIncrement(point, series, amount);
      if (first !== undefined) result.push(first);
    } else {
      const restarted = point.startMs > previous.timeMs;
      const grown = restarted ? undefined : amounts.minus(amount, amounts.of(previous));
      result.push({ fromMs: restarted ? point.startMs : previous.timeMs, toMs: point.timeMs, amount: grown ?? amount });
    }
    previous = point;
  }
  return result;
}
