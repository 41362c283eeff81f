import type { Signal } from '../otlp/signal.ts';

/** What became of one signal's export requests since start. `records` are spans, log records or data points. */
export interface SignalCounts {
  /** Export requests with that signal's path or service. */
  requests: number;
  /** Requests answered with an error: malformed, too large, refused by the store, … */
  failedRequests: number;
  /** Records decoded; those of a malformed or oversized request cannot be counted. */
  received: number;
  /** Records that the store took. */
  accepted: number;
  /** Records that were invalid by themselves or that the store turned down; the sender was told in a partial success. */
  rejected: number;
  /** Records of requests that failed as a whole after decoding (overload, full disk); the sender was told by the status. */
  refused: number;
}

export type ReceiverCounts = Record<Signal, SignalCounts>;

export function newCounts(): ReceiverCounts {
  return { traces: zero(), metrics: zero(), logs: zero() };
}

export function copyCounts(counts: ReceiverCounts): ReceiverCounts {
  return { traces: { ...counts.traces }, metrics: { ...counts.metrics }, logs: { ...counts.logs } };
}

function zero(): SignalCounts {
  return { requests: 0, failedRequests: 0, received: 0, accepted: 0, rejected: 0, refused: 0 };
}
