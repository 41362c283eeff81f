import { stat } from 'node:fs/promises';
import { TelemetryError } from '../errors.ts';
import { type TelemetryBatch, type TelemetryWriter, type WriteResult } from '../model.ts';
import { causeOf, isDiskFull, isInvalidated, messageOf } from './failures.ts';
import { type StoreSettings } from './options.ts';
import { deleteByAge, deleteBySize, isOverSize } from './retention.ts';
import { Session } from './session.ts';
import { WriteGate } from './write-gate.ts';
import { WriteQueue, recordCount, type GroupOutcome } from './write-queue.ts';

const MIB = 1024 * 1024;

/** A small limit gets small checkpoints, so that one never overruns it. */
function checkpointBytes(maxSizeBytes: number): number {
  return Math.min(16 * MIB, Math.max(MIB, maxSizeBytes / 16));
}

/** Bytes of a file; 0 when it is not there. */
export async function fileSize(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/** The writing half of the store: group commit, checkpoints, retention, and what happens when the disk is full. */
export class StoreWriter implements TelemetryWriter {
  readonly #settings: StoreSettings;
  readonly #queue: WriteQueue;
  readonly #gate: WriteGate;
  readonly #dropped = new Map<string, number>();
  readonly #maintenance: NodeJS.Timeout;
  #session: Session | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #reopening: Promise<void> | undefined;
  #openProblem = '';
  #closed = false;

  constructor(settings: StoreSettings, session: Session) {
    this.#settings = settings;
    this.#session = session;
    this.#gate = new WriteGate(settings);
    this.#queue = new WriteQueue(settings, (batches) => this.#inTurn(() => this.#commit(batches)));
    this.#maintenance = setInterval(() => void this.maintain(), settings.maintenanceIntervalMs).unref();
  }

  get dropped(): Record<string, number> {
    return Object.fromEntries(this.#dropped);
  }

  get problem(): string {
    return this.#openProblem || this.#gate.problem;
  }

  /** @throws {TelemetryError} code `STORE_UNUSABLE` while the file cannot be opened again after a failure */
  get session(): Session {
    if (this.#session !== undefined) return this.#session;
    throw new TelemetryError('STORE_UNUSABLE', this.#openProblem || 'The telemetry store is closed.');
  }

  /** For queries: waits while the file is being opened again. */
  async readySession(): Promise<Session> {
    await this.#reopening;
    return this.session;
  }

  /** Whether a query that failed with `error` may be asked again because the file was opened again, which is waited for. */
  async replaces(session: Session, error: unknown): Promise<boolean> {
    if (isInvalidated(error)) await this.#turn;
    return !this.#closed && this.#session !== session;
  }

  async write(batch: TelemetryBatch): Promise<WriteResult> {
    if (this.#closed) throw new TelemetryError('STORE_UNUSABLE', 'The telemetry store is closed.');
    const records = recordCount(batch);
    if (records === 0) return { accepted: 0, rejected: 0, message: '' };
    if (!this.#gate.mayWrite) {
      this.#count('disk_full', records);
      throw this.#gate.drop(records);
    }
    try {
      const result = await this.#queue.add(batch);
      if (result.rejected > 0) this.#count('invalid', result.rejected);
      return result;
    } catch (error) {
      if (error instanceof TelemetryError && error.code === 'STORE_OVERLOADED') this.#count('queue_full', records);
      throw error;
    }
  }

  /** Retention and, after a failure, another try. Runs by itself on a timer; never rejects. */
  async maintain(): Promise<void> {
    if (this.#closed || this.#settings.readOnly) return;
    await this.#inTurn(() => this.#maintain().catch((error: unknown) => this.#failed(error)));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#maintenance);
    await this.#queue.drain();
    await this.#inTurn(async () => {
      await this.#session?.connection.run('CHECKPOINT store').catch(() => undefined); // the next opening reads the log instead
      await this.#session?.close();
      this.#session = undefined;
    });
  }

  /** One after the other: the writer's connection runs one statement at a time. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  #count(reason: string, records: number): void {
    if (records > 0) this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + records);
  }

  async #commit(batches: readonly TelemetryBatch[]): Promise<GroupOutcome[]> {
    try {
      if (!this.#gate.mayWrite || !(await this.#gate.hasRoom()))
        return batches.map((batch) => this.#droppedFull(batch));
      const results = await this.session.writer.write(batches);
      this.#gate.opened();
      this.#checkpointWhenDue();
      return results;
    } catch (error) {
      return this.#commitFailed(batches, error);
    }
  }

  #droppedFull(batch: TelemetryBatch): GroupOutcome {
    const records = recordCount(batch);
    this.#count('disk_full', records);
    return { error: this.#gate.drop(records) };
  }

  async #commitFailed(batches: readonly TelemetryBatch[], error: unknown): Promise<GroupOutcome[]> {
    await this.#failed(error);
    if (isDiskFull(error)) return batches.map((batch) => this.#droppedFull(batch));
    const [only, ...others] = batches;
    if (only === undefined) return [];
    // One batch that DuckDB does not take must not cost the others of its group.
    if (others.length > 0) return [...(await this.#commit([only])), ...(await this.#commit(others))];
    this.#count('failed', recordCount(only));
    const why =
      error instanceof TelemetryError
        ? error
        : new TelemetryError('STORE_UNUSABLE', `The store could not write: ${messageOf(error)}`, { cause: error });
    return [{ error: why }];
  }

  #checkpointWhenDue(): void {
    // After this group's callers have their answer; the next group waits for it.
    setImmediate(() => {
      if (!this.#closed) void this.#inTurn(() => this.#checkpoint().catch((error: unknown) => this.#failed(error)));
    });
  }

  async #checkpoint(): Promise<void> {
    const { path, maxSizeBytes } = this.#settings;
    if ((await fileSize(`${path}.wal`)) < checkpointBytes(maxSizeBytes)) return;
    await this.session.connection.run('CHECKPOINT store');
    await this.#keepSize();
  }

  async #maintain(): Promise<void> {
    if (this.#session === undefined) await this.#open();
    const { connection } = this.session;
    const { clock, maxAgeHours, path } = this.#settings;
    if (!this.#gate.mayWrite) {
      // A checkpoint that fails costs queries a moment, so it is tried only with a chance; a quota shows in nothing else.
      if ((await this.#gate.freeBytes()) < (await fileSize(`${path}.wal`)) / 2 + MIB) return;
      await connection.run('CHECKPOINT store');
    }
    this.#count('retention_age', await this.#deleted(deleteByAge(connection, clock(), maxAgeHours)));
    await this.#checkpoint();
    await this.#keepSize();
    await this.#gate.recheck();
  }

  async #keepSize(): Promise<void> {
    const { connection, readers } = this.session;
    const { maxSizeBytes } = this.#settings;
    if (!(await isOverSize(connection, maxSizeBytes))) return;
    this.#count('retention_size', await this.#deleted(readers.exclusive(() => deleteBySize(connection, maxSizeBytes))));
  }

  async #deleted(deletion: Promise<number>): Promise<number> {
    const records = await deletion;
    if (records > 0) this.session.writer.forgetDimensions();
    return records;
  }

  /** Closes the gate when the disk is full, and opens the file again when DuckDB refuses to go on with it. */
  async #failed(cause: unknown): Promise<void> {
    if (isDiskFull(cause)) this.#gate.close(causeOf(cause));
    if (!isInvalidated(cause) && !isDiskFull(cause)) return;
    this.#reopening = this.#reopen();
    await this.#reopening;
    this.#reopening = undefined;
  }

  async #reopen(): Promise<void> {
    const broken = this.#session;
    this.#session = undefined;
    await broken?.close();
    await this.#open().catch(() => undefined); // said in `problem`; maintenance tries again
  }

  async #open(): Promise<void> {
    try {
      this.#session = await Session.open(this.#settings);
      this.#openProblem = '';
    } catch (error) {
      this.#openProblem = messageOf(error);
      throw error;
    }
  }
}
