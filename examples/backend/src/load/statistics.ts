/** What a load run counted. */
export interface ScenarioStatistics {
  name: string;
  /** Requests by status; 0 stands for no answer: aborted by the client, or failed. */
  statuses: Map<number, number>;
  /** Durations in milliseconds of the last 10,000 requests. */
  durationsMs: number[];
}

export interface LoadProgress {
  elapsedSeconds: number;
  requests: number;
  /** Answers of 500 and above. */
  serverErrors: number;
  inFlight: number;
  /** Requests that were not sent because too many were unanswered. */
  skipped: number;
}

const MAX_DURATIONS = 10_000;

export function addRequest(statistics: ScenarioStatistics, status: number, durationMs: number): void {
  statistics.statuses.set(status, (statistics.statuses.get(status) ?? 0) + 1);
  if (statistics.durationsMs.length >= MAX_DURATIONS) statistics.durationsMs.shift();
  statistics.durationsMs.push(durationMs);
}

export function countRequests(all: Iterable<ScenarioStatistics>, matches: (status: number) => boolean): number {
  let count = 0;
  for (const { statuses } of all) {
    for (const [status, requests] of statuses) if (matches(status)) count += requests;
  }
  return count;
}

/** The value that `share` (0 to 1) of `values` do not exceed; 0 of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** A table for people: one line a scenario that ran. */
export function formatSummary(all: readonly ScenarioStatistics[], progress: LoadProgress): string {
  const rows = all
    .filter(({ durationsMs }) => durationsMs.length > 0)
    .map(({ name, statuses, durationsMs }) => [
      name,
      String(countRequests([{ name, statuses, durationsMs }], () => true)),
      `${percentile(durationsMs, 0.5).toFixed(0)} ms`,
      `${percentile(durationsMs, 0.95).toFixed(0)} ms`,
      [...statuses]
        .sort(([a], [b]) => a - b)
        .map(([status, count]) => `${status === 0 ? 'no answer' : status}: ${count}`)
        .join(', '),
    ]);
  const table = [['scenario', 'requests', 'p50', 'p95', 'statuses'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const lines = table.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
  const rate = progress.requests / Math.max(progress.elapsedSeconds, 0.001);
  const skipped = progress.skipped > 0 ? `, ${progress.skipped} not sent: the backend was too slow` : '';
  return `${lines.join('\n')}\n${progress.requests} requests in ${progress.elapsedSeconds.toFixed(1)} s (${rate.toFixed(1)}/s)${skipped}\n`;
}
