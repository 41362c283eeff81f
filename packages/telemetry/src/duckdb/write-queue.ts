import { TelemetryError } from '../errors.ts';
import { type TelemetryBatch, type WriteResult } from '../model.ts';

export interface WriteQueueSettings {
  maxQueuedRecords: number;
  maxQueuedBytes: number;
  commitIntervalMs: number;
  commitRecords: number;
}

interface Waiting {
  batch: TelemetryBatch;
  records: number;
  bytes: number;
  resolve: (result: WriteResult) => void;
  reject: (error: unknown) => void;
}

export type GroupOutcome = WriteResult | { error: unknown };

export function recordCount({ spans, logs, metricPoints }: TelemetryBatch): number {
  return spans.length + logs.length + metricPoints.length;
}

/** Characters of the long texts, with a flat amount for the rest: good enough to bound memory. */
function textBytes({ spans, logs, metricPoints }: TelemetryBatch): number {
  let bytes = 300 * (spans.length + logs.length + metricPoints.length);
  for (const span of spans) bytes += span.attributes.length + span.events.length + span.links.length;
  for (const log of logs) bytes += log.attributes.length + log.body.length;
  for (const point of metricPoints) bytes += point.attributes.length + point.bucketCounts.length + point.detail.length;
  return bytes;
}

/** Bounded queue that commits what concurrent callers wrote together: a commit costs one disk sync whatever its size. */
export class WriteQueue {
  readonly #settings: WriteQueueSettings;
  readonly #commit: (batches: readonly TelemetryBatch[]) => Promise<GroupOutcome[]>;
  #waiting: Waiting[] = [];
  #records = 0;
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  /** `commit` never rejects: it gives one outcome a batch. */
  constructor(settings: WriteQueueSettings, commit: (batches: readonly TelemetryBatch[]) => Promise<GroupOutcome[]>) {
    this.#settings = settings;
    this.#commit = commit;
  }

  /** @throws {TelemetryError} code `STORE_OVERLOADED` when the batch does not fit; one that is bigger than the queue passes alone */
  add(batch: TelemetryBatch): Promise<WriteResult> {
    const records = recordCount(batch);
    const bytes = textBytes(batch);
    const { maxQueuedRecords, maxQueuedBytes, commitRecords } = this.#settings;
    const full = this.#records + records > maxQueuedRecords || this.#bytes + bytes > maxQueuedBytes;
    if (full && this.#records > 0) {
      return Promise.reject(
        new TelemetryError(
          'STORE_OVERLOADED',
          `The store's write queue is full (${this.#records} records wait). Try again shortly.`,
        ),
      );
    }
    this.#records += records;
    this.#bytes += bytes;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ batch, records, bytes, resolve, reject });
      if (this.#running !== undefined) return;
      if (this.#waitingRecords() >= commitRecords) this.#start();
      else this.#timer ??= setTimeout(() => this.#start(), this.#settings.commitIntervalMs);
    });
  }

  /** Commits what waits and resolves when nothing does. */
  async drain(): Promise<void> {
    while (this.#running !== undefined || this.#waiting.length > 0) {
      this.#start();
      await this.#running;
    }
  }

  #waitingRecords(): number {
    return this.#waiting.reduce((sum, { records }) => sum + records, 0);
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      // What came in after the last look at the queue and before this line.
      if (this.#waiting.length > 0) this.#start();
    });
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      const outcomes = await this.#commit(group.map(({ batch }) => batch));
      for (const [index, { records, bytes, resolve, reject }] of group.entries()) {
        this.#records -= records;
        this.#bytes -= bytes;
        const outcome = outcomes[index];
        if (outcome === undefined || 'error' in outcome) reject(outcome?.error);
        else resolve(outcome);
      }
    }
  }
}
