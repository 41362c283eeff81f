import type { Log } from '@crmbet/telemetry';

/** A log line with a key that stays the same when the list is loaded again with new lines in it. */
export interface KeyedLog {
  key: string;
  log: Log;
}

/** Keys from time, span and text; lines that are alike in all are numbered. */
export function keyedLogs(logs: readonly Log[]): KeyedLog[] {
  const seen = new Map<string, number>();
  return logs.map((log) => {
    const base = `${log.timeUnixNano} ${log.spanId} ${log.body.slice(0, 40)}`;
    const count = seen.get(base) ?? 0;
    seen.set(base, count + 1);
    return { key: count === 0 ? base : `${base} ${count}`, log };
  });
}
