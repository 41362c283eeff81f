import type { SpanStatus, TraceQuery, TraceSummary } from '@crmbet/telemetry';
import { parsePair } from '../../format/value.ts';
import { rangeOf } from '../../state/range.ts';

export const defaultLimit = 100;

function numberOf(text: string | null): number | undefined {
  const value = text === null || text === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** `key=value` parameters as a map; what is no pair is left out. */
export function pairsOf(values: readonly string[]): Record<string, string> | undefined {
  const pairs = values.map((value) => parsePair(value)).filter((pair) => pair !== undefined);
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}

/** An object without the entries that are not set. */
export function defined<T extends object>(entries: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined && value !== '')) as T;
}

function statusOf(text: string | null): SpanStatus | undefined {
  return text === 'error' || text === 'ok' || text === 'unset' ? text : undefined;
}

/** The query that the URL of the traces page says. */
export function traceQueryOf(params: URLSearchParams, nowMs: number): TraceQuery {
  return defined<TraceQuery>({
    service: params.get('service') ?? undefined,
    operation: params.get('operation') ?? undefined,
    status: statusOf(params.get('status')),
    minDurationMs: numberOf(params.get('minDurationMs')),
    maxDurationMs: numberOf(params.get('maxDurationMs')),
    attributes: pairsOf(params.getAll('attribute')),
    correlationId: params.get('correlationId') ?? undefined,
    limit: numberOf(params.get('limit')) ?? defaultLimit,
    startMs: undefined,
    endMs: undefined,
    ...rangeOf(params, nowMs),
  });
}

/** True when the URL narrows the search, so that nothing found does not mean that nothing is stored. */
export function isNarrowed(params: URLSearchParams): boolean {
  return [...params.keys()].some((name) => !['limit', 'live', 'sort'].includes(name));
}

export type TraceSort = 'newest' | 'longest' | 'errors';

export function sortOf(params: URLSearchParams): TraceSort {
  const sort = params.get('sort');
  return sort === 'longest' || sort === 'errors' ? sort : 'newest';
}

/** The traces in an order; they come newest first. */
export function sorted(traces: readonly TraceSummary[], sort: TraceSort): readonly TraceSummary[] {
  if (sort === 'longest') return traces.toSorted((one, other) => other.durationMs - one.durationMs);
  if (sort === 'errors') return traces.toSorted((one, other) => other.errorCount - one.errorCount);
  return traces;
}
