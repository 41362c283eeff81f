import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { ExportResultCode, suppressTracing, type ExportResult } from '@opentelemetry/core';
import { OtelError } from '../errors.ts';

/** What a queue hands its batches to: the SDK's span and log exporters. */
export interface BatchExporter<T> {
  export(items: T[], done: (result: ExportResult) => void): void;
  shutdown(): Promise<void>;
}

/** Why items were dropped, as the value of `error.type`. */
export type DropReason = 'queue_full' | 'export_failed';

/** Options of {@link BatchQueue}; times in milliseconds. */
export interface BatchQueueOptions<T> {
  exporter: BatchExporter<T>;
  maxQueueSize: number;
  maxBatchSize: number;
  scheduleDelayMs: number;
  exportTimeoutMs: number;
  /** Called for every drop with how many items it took. */
  onDrop(count: number, reason: DropReason, error?: unknown): void;
}

/**
 * A bounded queue that exports in batches, one at a time, off the path of what adds to it (specification, "Batching
 * processor"). It is ours and not the SDK's because what waits must be countable when it is dropped and takeable at
 * `process.exit()`. No timer of it keeps the process alive.
 */
export class BatchQueue<T> {
  readonly #options: BatchQueueOptions<T>;
  readonly #maxBatchSize: number;
  #waiting: T[] = [];
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #added = 0;

  constructor(options: BatchQueueOptions<T>) {
    this.#options = options;
    this.#maxBatchSize = Math.min(options.maxBatchSize, options.maxQueueSize);
  }

  /** Items ever added: two equal readings mean that nothing came in between. */
  get added(): number {
    return this.#added;
  }

  /** Adds an item; when the queue is full it is dropped. */
  add(item: T): void {
    if (this.#closed) return;
    this.#added += 1;
    if (this.#waiting.length >= this.#options.maxQueueSize) {
      this.#options.onDrop(1, 'queue_full');
      return;
    }
    this.#waiting.push(item);
    if (this.#waiting.length === this.#maxBatchSize) this.#schedule(0);
    else this.#timer ??= this.#startTimer(this.#options.scheduleDelayMs);
  }

  /** Exports everything that waits now. Never rejects. */
  async flush(): Promise<void> {
    while (this.#running !== undefined || this.#waiting.length > 0) await this.#exportNext();
  }

  /** Takes everything that waits, for a caller that delivers it itself. */
  takeAll(): T[] {
    const taken = this.#waiting;
    this.#waiting = [];
    return taken;
  }

  /** Flushes, then takes nothing more. */
  async shutdown(): Promise<void> {
    await this.flush();
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#options.exporter.shutdown();
  }

  #schedule(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = this.#startTimer(delayMs);
  }

  #startTimer(delayMs: number): NodeJS.Timeout {
    const run = () => {
      this.#timer = undefined;
      void this.#exportNext().then(() => this.#scheduleRest());
    };
    // The root context: a timer would otherwise keep the context of the request that started it.
    return context.with(ROOT_CONTEXT, () => setTimeout(run, delayMs).unref());
  }

  #scheduleRest(): void {
    const { length } = this.#waiting;
    // A delay that began during the export is cut short: the batch has filled, and `add` saw it only in the moment it did.
    if (length >= this.#maxBatchSize) this.#schedule(0);
    else if (length > 0) this.#timer ??= this.#startTimer(this.#options.scheduleDelayMs);
  }

  #exportNext(): Promise<void> {
    this.#running ??= this.#exportBatch().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #exportBatch(): Promise<void> {
    const batch = this.#waiting.splice(0, this.#maxBatchSize);
    if (batch.length === 0) return;
    const result = await this.#exportOrGiveUp(batch);
    if (result.code !== ExportResultCode.SUCCESS) this.#options.onDrop(batch.length, 'export_failed', result.error);
  }

  #exportOrGiveUp(batch: T[]): Promise<ExportResult> {
    const { exporter, exportTimeoutMs } = this.#options;
    return new Promise((resolve) => {
      const giveUp = () =>
        resolve({
          code: ExportResultCode.FAILED,
          error: new OtelError('EXPORT_TIMEOUT', `no result of an export within ${exportTimeoutMs} ms`),
        });
      const timer = setTimeout(giveUp, exportTimeoutMs).unref();
      const done = (result: ExportResult) => {
        clearTimeout(timer);
        resolve(result);
      };
      try {
        context.with(suppressTracing(ROOT_CONTEXT), () => exporter.export(batch, done));
      } catch (error) {
        done({ code: ExportResultCode.FAILED, error: error as Error });
      }
    });
  }
}
