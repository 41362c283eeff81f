import { TelemetryError } from '../errors.ts';
import { type TelemetryBatch, type TelemetryWriter, type WriteResult } from '../model.ts';
import { DropCounts } from './drop-counts.ts';
import { causeOf, isDiskFull, isInvalidated, messageOf } from './failures.ts';
import { LiveSession } from './live-session.ts';
import { type StoreSettings } from './options.ts';
import { type Session } from './session.ts';
import { Upkeep } from './upkeep.ts';
import { WriteGate } from './write-gate.ts';
import { WriteQueue, recordCount, type GroupOutcome } from './write-queue.ts';

/** The writing half of the store: group commit, in turn with its upkeep, and what happens when one of them fails. */
export class StoreWriter implements TelemetryWriter {
  readonly #settings: StoreSettings;
  readonly #live: LiveSession;
  readonly #gate: WriteGate;
  readonly #dropped = new DropCounts();
  readonly #upkeep: Upkeep;
  readonly #queue: WriteQueue;
  readonly #maintenance: NodeJS.Timeout;
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(settings: StoreSettings, session: Session) {
    this.#settings = settings;
    this.#live = new LiveSession(settings, session);
    this.#gate = new WriteGate(settings);
    this.#upkeep = new Upkeep(settings, this.#live, this.#gate, this.#dropped);
    this.#queue = new WriteQueue(settings, (batches) => this.#inTurn(() => this.#commit(batches)));
    this.#maintenance = setInterval(() => void this.maintain(), settings.maintenanceIntervalMs).unref();
  }

  get dropped(): Record<string, number> {
    return this.#dropped.all;
  }

  get problem(): string {
    return this.#live.problem || this.#gate.problem;
  }

  /** For queries: waits while the file is being opened again. */
  async readySession(): Promise<Session> {
    return this.#live.ready();
  }

  /** Whether a query that failed with `error` may be asked again because the file was opened again, which is waited for. */
  async replaces(session: Session, error: unknown): Promise<boolean> {
    if (isInvalidated(error)) await this.#turn;
    return !this.#closed && !this.#live.isCurrent(session);
  }

  async write(batch: TelemetryBatch): Promise<WriteResult> {
    if (this.#closed) throw new TelemetryError('STORE_UNUSABLE', 'The telemetry store is closed.');
    const records = recordCount(batch);
    if (records === 0) return { accepted: 0, rejected: 0, message: '' };
    if (!this.#gate.mayWrite) {
      this.#dropped.add('disk_full', records);
      throw this.#gate.drop(records);
    }
    try {
      const result = await this.#queue.add(batch);
      this.#dropped.add('invalid', result.rejected);
      return result;
    } catch (error) {
      if (error instanceof TelemetryError && error.code === 'STORE_OVERLOADED')
        this.#dropped.add('queue_full', records);
      throw error;
    }
  }

  /** Retention and, after a failure, another try. Runs by itself on a timer; never rejects. */
  async maintain(): Promise<void> {
    if (this.#closed || this.#settings.readOnly) return;
    await this.#inTurn(() => this.#upkeep.run().catch((error: unknown) => this.#failed(error)));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#maintenance);
    await this.#queue.drain();
    await this.#inTurn(() => this.#live.close());
  }

  /** One after the other: the writer's connection runs one statement at a time. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #commit(batches: readonly TelemetryBatch[]): Promise<GroupOutcome[]> {
    try {
      if (!this.#gate.mayWrite || !(await this.#gate.hasRoom()))
        return batches.map((batch) => this.#droppedFull(batch));
      const results = await this.#live.current.writer.write(batches);
      this.#gate.opened();
      this.#checkpointSoon();
      return results;
    } catch (error) {
      return this.#commitFailed(batches, error);
    }
  }

  #droppedFull(batch: TelemetryBatch): GroupOutcome {
    const records = recordCount(batch);
    this.#dropped.add('disk_full', records);
    return { error: this.#gate.drop(records) };
  }

  async #commitFailed(batches: readonly TelemetryBatch[], error: unknown): Promise<GroupOutcome[]> {
    await this.#failed(error);
    if (isDiskFull(error)) return batches.map((batch) => this.#droppedFull(batch));
    const [only, ...others] = batches;
    if (only === undefined) return [];
    // One batch that DuckDB does not take must not cost the others of its group.
    if (others.length > 0) return [...(await this.#commit([only])), ...(await this.#commit(others))];
    this.#dropped.add('failed', recordCount(only));
    const why =
      error instanceof TelemetryError
        ? error
        : new TelemetryError('STORE_UNUSABLE', `The store could not write: ${messageOf(error)}`, { cause: error });
    return [{ error: why }];
  }

  #checkpointSoon(): void {
    // After this group's callers have their answer; the next group waits for it.
    setImmediate(() => {
      const checkpoint = () => this.#upkeep.checkpointWhenDue().catch((error: unknown) => this.#failed(error));
      if (!this.#closed) void this.#inTurn(checkpoint);
    });
  }

  /** Closes the gate when the disk is full, and opens the file again when DuckDB refuses to go on with it. */
  async #failed(cause: unknown): Promise<void> {
    if (isDiskFull(cause)) this.#gate.close(causeOf(cause));
    if (isInvalidated(cause) || isDiskFull(cause)) await this.#live.reopen();
  }
}
