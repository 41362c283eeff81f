import type { Pipeline } from '../sdk/pipeline.ts';
import { within } from './bounded-flush.ts';
import { sendSynchronously } from './last-resort.ts';
import { watchSignals } from './signals.ts';

/** The telemetry's own end, tied to the end of the process. */
export interface Lifecycle {
  /** Exports what waits. Never rejects; may take as long as the exporters' time limits. */
  flush(): Promise<void>;
  /** Stops watching the process. */
  close(): void;
}

/** Watches for every way a process ends, and gets out what waits, within bounds. `canDeliver` is false while nothing is reachable. */
export function createLifecycle(pipelines: readonly Pipeline[], canDeliver: () => boolean): Lifecycle {
  const recorded = () => pipelines.reduce((sum, pipeline) => sum + pipeline.recorded(), 0);
  /** What had been recorded at the last flush. */
  let flushedAt = -1;

  const flush = async (): Promise<void> => {
    const before = recorded();
    await Promise.all(pipelines.map((pipeline) => pipeline.flush()));
    flushedAt = before;
  };
  const flushHurriedly = async (): Promise<void> => {
    const before = recorded();
    for (const pipeline of pipelines) pipeline.setHurried(true);
    await within(flush());
    for (const pipeline of pipelines) {
      pipeline.setHurried(false);
      pipeline.abandon();
    }
    // Also when time was up: what could not be delivered by then is not tried again.
    flushedAt = before;
  };

  // It comes again after a flush: without anything new there is nothing more to do, and the process ends.
  const onBeforeExit = () => {
    if (recorded() !== flushedAt) void flushHurriedly();
  };
  const onExit = () => {
    if (recorded() === flushedAt || !canDeliver()) return;
    sendSynchronously(pipelines.flatMap((pipeline) => pipeline.takePending()));
  };
  process.on('beforeExit', onBeforeExit).on('exit', onExit);
  const stopSignals = watchSignals(flushHurriedly, () => void flush());

  return {
    flush,
    close() {
      process.removeListener('beforeExit', onBeforeExit).removeListener('exit', onExit);
      stopSignals();
    },
  };
}
