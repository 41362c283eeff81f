import type { Reporter } from '../report/reporter.ts';

/** Milliseconds after which an endpoint that is still away is mentioned again. */
const repeatMs = 300_000;

/** Says once that an endpoint is away, again now and then while it stays away, and once when it is back. */
export interface Reachability {
  failed(reason: string): void;
  succeeded(): void;
  /** Whether the last try failed. */
  isAway(): boolean;
}

/** One for each origin (`http://127.0.0.1:4318`), shared by the three signals so that they say it once. */
export function createReachability(origin: string, reporter: Reporter, now: () => number = Date.now): Reachability {
  let saidAtMs: number | undefined;
  return {
    failed(reason) {
      if (saidAtMs !== undefined && now() - saidAtMs < repeatMs) return;
      const still = saidAtMs === undefined ? '' : ' still';
      saidAtMs = now();
      reporter.say(
        `telemetry${still} cannot be delivered to ${origin} (${reason}): it is dropped until it can; the application runs as ever`,
      );
    },
    succeeded() {
      if (saidAtMs === undefined) return;
      saidAtMs = undefined;
      reporter.say(`telemetry is delivered to ${origin} again`);
    },
    isAway: () => saidAtMs !== undefined,
  };
}
