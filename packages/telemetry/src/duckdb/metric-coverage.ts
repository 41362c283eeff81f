import { type Increment } from './metric-increments.ts';

/** The time about which a process' points say something. */
export interface Reported {
  fromMs: number;
  toMs: number;
  /** Between its newest point and the one before. */
  everyMs: number;
  /** It began to count at `fromMs`: before there was nothing, rather than nothing known. */
  sinceStart: boolean;
}

/** The time about which the points of several processes together say all. */
export interface Coverage {
  fromMs: number;
  untilMs: number;
  sinceStart: boolean;
  /** None of them reports any more: after `untilMs` there is nothing, rather than nothing known yet. */
  ended: boolean;
}

/** A process that missed this many exports has ended. */
const MISSED_EXPORTS = 2;

/** What is known of a process with one more of its increments. One without a length covers no time. */
export function reportedWith(
  known: Reported | undefined,
  { fromMs, toMs, everyMs, sinceStart }: Increment<unknown>,
): Reported | undefined {
  if (toMs <= fromMs) return known;
  if (known === undefined) return { fromMs, toMs, everyMs, sinceStart };
  const earliest = fromMs < known.fromMs ? { fromMs, sinceStart } : known;
  const newest = toMs > known.toMs ? { toMs, everyMs } : known;
  return {
    fromMs: earliest.fromMs,
    sinceStart: earliest.sinceStart,
    toMs: newest.toMs,
    everyMs: newest.everyMs,
  };
}

/**
 * Where all processes are known. Those that still report export at different moments: what the first has told already waits
 * for the last, as the sum would fall otherwise.
 */
export function coverageOf(processes: readonly Reported[], nowMs: number): Coverage | undefined {
  const [some] = processes;
  if (some === undefined) return undefined;
  const earliest = processes.reduce((a, b) => (b.fromMs < a.fromMs ? b : a), some);
  const newestMs = Math.max(...processes.map(({ toMs }) => toMs));
  const reportsAt = (timeMs: number) =>
    processes.filter(({ toMs, everyMs }) => toMs + MISSED_EXPORTS * everyMs >= timeMs);
  return {
    fromMs: earliest.fromMs,
    sinceStart: earliest.sinceStart,
    untilMs: Math.min(...reportsAt(newestMs).map(({ toMs }) => toMs)),
    ended: reportsAt(nowMs).length === 0,
  };
}
