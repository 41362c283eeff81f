import type { Settings } from '../config/read.ts';
import type { PendingRequest } from '../export/otlp-exporter.ts';
import { createReachability, type Reachability } from '../export/reachability.ts';
import type { Reporter } from '../report/reporter.ts';

/** What every signal is built from. */
export interface PipelineContext {
  readonly settings: Settings;
  readonly reporter: Reporter;
  /** The reachability of an endpoint, the same one for the same origin. */
  reachabilityOf(url: string): Reachability;
  /** Whether any endpoint was reachable when it was last tried, or has not been tried. */
  canDeliver(): boolean;
}

/** One signal's way out, as the lifecycle needs it. */
export interface Pipeline {
  /** Grows with everything recorded: two equal readings mean that there is nothing new to flush. */
  recorded(): number;
  /** Exports what waits. Never rejects. */
  flush(): Promise<void>;
  shutdown(): Promise<void>;
  /** `true`: the process is about to end, try once and don't wait. */
  setHurried(hurried: boolean): void;
  /** Gives up on a flush that took too long, so that nothing of it keeps the process alive. */
  abandon(): void;
  /** Takes what waits as requests that somebody else sends. */
  takePending(): PendingRequest[];
}

/** The context of one start of the SDK. */
export function createPipelineContext(settings: Settings, reporter: Reporter): PipelineContext {
  const known = new Map<string, Reachability>();
  return {
    settings,
    reporter,
    reachabilityOf(url) {
      const { origin } = new URL(url);
      const found = known.get(origin) ?? createReachability(origin, reporter);
      known.set(origin, found);
      return found;
    },
    canDeliver: () => [...known.values()].some((reachability) => !reachability.isAway()),
  };
}
