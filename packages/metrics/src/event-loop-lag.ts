import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

type DelayHistogram = ReturnType<typeof monitorEventLoopDelay>;

const WINDOW_MS = 10_000;

/** Delays of the event loop in seconds, over a window of at least {@link WINDOW_MS}. */
export interface EventLoopDelays {
  min: number;
  max: number;
  mean: number;
  stddev: number;
  p50: number;
  p90: number;
  p99: number;
}

/**
 * Samples the event loop's delay (Node.js' own unref'd timer, every 10 ms, so that an idle loop shows about 10 ms as it
 * does with prom-client). Windows end by time and not by reading: two readers do not take samples from each other.
 */
export class EventLoopMonitor {
  private readonly histogram: DelayHistogram = monitorEventLoopDelay({ resolution: 10 });
  private windowStart = performance.now();
  private lastWindow: EventLoopDelays | undefined;
  private lagSeconds = 0;

  constructor() {
    this.histogram.enable();
  }

  delays(): EventLoopDelays {
    const age = performance.now() - this.windowStart;
    if (age < WINDOW_MS && this.lastWindow !== undefined) return this.lastWindow;
    const delays = read(this.histogram);
    if (age >= WINDOW_MS) {
      this.lastWindow = delays;
      this.windowStart = performance.now();
      this.histogram.reset();
    }
    return delays;
  }

  /** The last lag that {@link measureLag} measured, seconds. */
  lag(): number {
    return this.lagSeconds;
  }

  /** Resolves after one turn of the event loop, whose time it has measured. */
  measureLag(): Promise<void> {
    const start = performance.now();
    return new Promise((resolve) => {
      setImmediate(() => {
        this.lagSeconds = (performance.now() - start) / 1000;
        resolve();
      });
    });
  }

  close(): void {
    this.histogram.disable();
  }
}

function read(histogram: DelayHistogram): EventLoopDelays {
  const seconds = (nanoseconds: number): number => (Number.isFinite(nanoseconds) ? nanoseconds / 1e9 : 0);
  // Without a sample the minimum is the largest number that the histogram can hold.
  if (histogram.count === 0) return { min: 0, max: 0, mean: 0, stddev: 0, p50: 0, p90: 0, p99: 0 };
  return {
    min: seconds(histogram.min),
    max: seconds(histogram.max),
    mean: seconds(histogram.mean),
    stddev: seconds(histogram.stddev),
    p50: seconds(histogram.percentile(50)),
    p90: seconds(histogram.percentile(90)),
    p99: seconds(histogram.percentile(99)),
  };
}
