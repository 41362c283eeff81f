import { coverageOf, reportedWith, type Reported } from './metric-coverage.ts';
import { type Increment } from './metric-increments.ts';
import { type SeriesRow } from './metric-series.ts';
import { addNumber, spread, type StepGrid, type Steps } from './metric-steps.ts';

/** A step of which the points cover less is left out. */
const LEAST_SHARE = 0.5;

export interface RateRequest {
  kind: 'rate' | 'increase';
  grid: StepGrid;
  /** What each series has grown by. */
  incrementsOf: (series: SeriesRow) => readonly Increment<number>[];
  /** By `SeriesRow.process`. */
  processes: ReadonlyMap<bigint, Reported>;
  nowMs: number;
}

/** From when to when each process has told about the series. */
export function reportedByProcess(
  series: readonly SeriesRow[],
  incrementsOf: (series: SeriesRow) => readonly Increment<number>[],
): Map<bigint, Reported> {
  const processes = new Map<bigint, Reported>();
  for (const one of series) {
    for (const increment of incrementsOf(one)) {
      const reported = reportedWith(processes.get(one.process), increment);
      if (reported !== undefined) processes.set(one.process, reported);
    }
  }
  return processes;
}

/** What part of each step is known: of an increase also the time in which certainly nothing was counted. */
function knownShares(request: RateRequest, members: readonly SeriesRow[]) {
  const { kind, grid, processes, nowMs } = request;
  const ids = new Set(members.map((one) => one.process));
  const coverage = coverageOf(
    [...ids].flatMap((id) => processes.get(id) ?? []),
    nowMs,
  );
  const exact = kind === 'increase';
  const fromMs = coverage === undefined || (exact && coverage.sinceStart) ? Number.NEGATIVE_INFINITY : coverage.fromMs;
  const untilMs = coverage === undefined || (exact && coverage.ended) ? Number.POSITIVE_INFINITY : coverage.untilMs;
  const shareOf = (step: number): number => {
    const begin = grid.startMs + step * grid.stepMs;
    return (Math.min(begin + grid.stepMs, untilMs) - Math.max(begin, fromMs)) / grid.stepMs;
  };
  return { untilMs, shareOf };
}

function amountsUntil(untilMs: number, request: RateRequest, members: readonly SeriesRow[]): Steps<number> {
  const amounts: Steps<number> = new Map();
  for (const one of members)
    for (const increment of request.incrementsOf(one)) spread(amounts, increment, request.grid, addNumber, untilMs);
  return amounts;
}

/**
 * Increase of the series together in each step, or per second of it. The points of a process that still reports seldom end
 * where a step does: as PromQL's `rate` and `increase` do, such a step is extrapolated from the part that they cover, and
 * left out when that is less than half, unless there is no other. The same holds where the points begin, but a counter's
 * own start is no gap to an increase: before it nothing was counted.
 */
export function ratesOf(request: RateRequest, members: readonly SeriesRow[]): Steps<number> {
  const { kind, grid } = request;
  const { untilMs, shareOf } = knownShares(request, members);
  const known = amountsUntil(untilMs, request, members);
  // A process that exports seldom may not yet have told of any step: then what the others told must do.
  const amounts = known.size > 0 ? known : amountsUntil(Number.POSITIVE_INFINITY, request, members);
  const perStep = kind === 'rate' ? grid.stepMs / 1000 : 1;
  const covered = [...amounts].filter(([step]) => shareOf(step) >= LEAST_SHARE);
  if (covered.length > 0) return new Map(covered.map(([step, amount]) => [step, amount / shareOf(step) / perStep]));
  const least = (step: number): number => (kind === 'rate' && shareOf(step) > 0 ? shareOf(step) : 1);
  return new Map([...amounts].map(([step, amount]) => [step, amount / least(step) / perStep]));
}
