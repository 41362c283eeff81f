import { type Increment } from './metric-increments.ts';

/** Steps `[startMs + i * stepMs, startMs + (i + 1) * stepMs)`. */
export interface StepGrid {
  startMs: number;
  stepMs: number;
  count: number;
}

/** Values by number of their step. */
export type Steps<T> = Map<number, T>;

export const stepAt = ({ startMs, stepMs }: StepGrid, timeMs: number): number =>
  Math.floor((timeMs - startMs) / stepMs);

/**
 * Spreads an increment evenly over the steps that its time covers, so that a rate does not depend on how export and step
 * meet. What it has after `untilMs` is left out.
 */
export function spread<T>(
  into: Steps<T>,
  increment: Increment<T>,
  grid: StepGrid,
  add: (sum: T | undefined, amount: T, share: number) => T,
  untilMs = Number.POSITIVE_INFINITY,
): void {
  const { fromMs, toMs, amount } = increment;
  // An increment ends at its point's time, which on a border still belongs to the step before it.
  const last =
    toMs > fromMs ? Math.ceil((Math.min(toMs, untilMs) - grid.startMs) / grid.stepMs) - 1 : stepAt(grid, toMs);
  const first = toMs > fromMs ? stepAt(grid, fromMs) : last;
  for (let step = Math.max(0, first); step <= Math.min(last, grid.count - 1); step += 1) {
    const begin = grid.startMs + step * grid.stepMs;
    const covered = Math.min(toMs, untilMs, begin + grid.stepMs) - Math.max(fromMs, begin);
    into.set(step, add(into.get(step), amount, toMs > fromMs ? covered / (toMs - fromMs) : 1));
  }
}

export const addNumber = (sum: number | undefined, amount: number, share: number): number =>
  (sum ?? 0) + amount * share;
