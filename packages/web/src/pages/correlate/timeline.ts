import type { Correlation, TimelineEntry } from '@crmbet/telemetry';
import { nanosToMs, offsetMs } from '../../format/time.ts';

export type EntryKind = TimelineEntry['kind'];
export const entryKinds: readonly EntryKind[] = ['span', 'log', 'metric'];

/** A timeline entry with a key and its place in time. */
export interface TimelineRow {
  key: string;
  entry: TimelineEntry;
  /** Milliseconds from the first span or log line. */
  atMs: number;
}

export interface Timeline {
  rows: TimelineRow[];
  startMs: number;
  /** From the first span or log line to the end of the last. Metrics are read at intervals and do not stretch it. */
  durationMs: number;
  services: string[];
  /** Failed spans and log lines of level error or fatal. */
  errors: number;
}

/** The entries of a correlation as rows. */
export function timelineOf({ timeline }: Correlation): Timeline {
  const first = (timeline.find((entry) => entry.kind !== 'metric') ?? timeline[0])?.timeUnixNano ?? '0';
  const rows = timeline.map((entry, index) => ({
    key: `${entry.kind} ${index}`,
    entry,
    atMs: offsetMs(first, entry.timeUnixNano),
  }));
  const ends = rows.map(({ entry, atMs }) =>
    entry.kind === 'metric' ? 0 : atMs + (entry.kind === 'span' ? entry.durationMs : 0),
  );
  return {
    rows,
    startMs: nanosToMs(first),
    durationMs: Math.max(
      1e-6,
      ends.reduce((most, end) => Math.max(most, end), 0),
    ),
    services: [...new Set(timeline.map((entry) => entry.serviceName))].toSorted(),
    errors: timeline.filter((entry) => isError(entry)).length,
  };
}

export function isError(entry: TimelineEntry): boolean {
  if (entry.kind === 'span') return entry.span.status === 'error';
  return entry.kind === 'log' && (entry.log.level === 'error' || entry.log.level === 'fatal');
}

/** Kinds that the URL's `show` names; all of them without it. */
export function shownKinds(params: URLSearchParams): ReadonlySet<EntryKind> {
  const named = new Set((params.get('show') ?? '').split(','));
  const kinds = entryKinds.filter((kind) => named.has(kind));
  return new Set(kinds.length === 0 ? entryKinds : kinds);
}

/** The `show` of the URL with one kind put in or taken out; the last one cannot be taken out. */
export function toggledKind(shown: ReadonlySet<EntryKind>, kind: EntryKind): string | undefined {
  const next = entryKinds.filter((one) => (one === kind ? !shown.has(one) : shown.has(one)));
  return next.length === 0 || next.length === entryKinds.length ? undefined : next.join(',');
}
