import { type DropCounts } from './drop-counts.ts';
import { fileSize } from './file-size.ts';
import { type LiveSession } from './live-session.ts';
import { type StoreSettings } from './options.ts';
import { deleteByAge, deleteBySize, isOverSize } from './retention.ts';
import { type WriteGate } from './write-gate.ts';

const MIB = 1024 * 1024;

/** A small limit gets small checkpoints, so that one never overruns it. */
function checkpointBytes(maxSizeBytes: number): number {
  return Math.min(16 * MIB, Math.max(MIB, maxSizeBytes / 16));
}

/** Checkpoints and retention. The caller runs one at a time, on the writer's turn, and deals with failures. */
export class Upkeep {
  readonly #settings: StoreSettings;
  readonly #live: LiveSession;
  readonly #gate: WriteGate;
  readonly #dropped: DropCounts;

  constructor(settings: StoreSettings, live: LiveSession, gate: WriteGate, dropped: DropCounts) {
    this.#settings = settings;
    this.#live = live;
    this.#gate = gate;
    this.#dropped = dropped;
  }

  /** Retention, and after a failure another try. */
  async run(): Promise<void> {
    await this.#live.ensureOpen();
    const { connection } = this.#live.current;
    const { clock, maxAgeHours, path } = this.#settings;
    if (!this.#gate.mayWrite) {
      // A checkpoint that fails costs queries a moment, so it is tried only with a chance; a quota shows in nothing else.
      if ((await this.#gate.freeBytes()) < (await fileSize(`${path}.wal`)) / 2 + MIB) return;
      await connection.run('CHECKPOINT store');
    }
    await this.#count('retention_age', deleteByAge(connection, clock(), maxAgeHours));
    await this.checkpointWhenDue();
    await this.#keepSize();
    await this.#gate.recheck();
  }

  /** Moves the log into the file when it has grown enough, and keeps the file's size. */
  async checkpointWhenDue(): Promise<void> {
    const { path, maxSizeBytes } = this.#settings;
    if ((await fileSize(`${path}.wal`)) < checkpointBytes(maxSizeBytes)) return;
    await this.#live.current.connection.run('CHECKPOINT store');
    await this.#keepSize();
  }

  async #keepSize(): Promise<void> {
    const { connection, readers } = this.#live.current;
    const { maxSizeBytes } = this.#settings;
    if (!(await isOverSize(connection, maxSizeBytes))) return;
    const deletion = readers.exclusive(() => deleteBySize(connection, maxSizeBytes));
    await this.#count('retention_size', deletion);
  }

  async #count(reason: string, deletion: Promise<number>): Promise<void> {
    const records = await deletion;
    if (records > 0) this.#live.current.writer.forgetDimensions();
    this.#dropped.add(reason, records);
  }
}
