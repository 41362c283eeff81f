import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TelemetryError } from '../errors.ts';
import { type StoreSettings } from './options.ts';

const MIB = 1024 * 1024;

/** Whether the store writes. Closed when the disk is full; said once when it closes and once when it opens. */
export class WriteGate {
  readonly #settings: Pick<StoreSettings, 'path' | 'diskReserveBytes' | 'report' | 'clock'>;
  #problem = '';
  #mayTry = true;
  #dropped = 0;
  #checkedAtMs = Number.NEGATIVE_INFINITY;

  constructor(settings: Pick<StoreSettings, 'path' | 'diskReserveBytes' | 'report' | 'clock'>) {
    this.#settings = settings;
  }

  /** Empty, or the sentence why nothing is written. */
  get problem(): string {
    return this.#problem;
  }

  /** False while records are dropped. After `recheck` found room, one group may try. */
  get mayWrite(): boolean {
    return this.#mayTry;
  }

  /** Looks at the disk, at most once a second. */
  async hasRoom(): Promise<boolean> {
    const { clock, diskReserveBytes } = this.#settings;
    if (Math.abs(clock() - this.#checkedAtMs) < 1000) return true;
    const free = await this.freeBytes();
    if (free < diskReserveBytes) {
      this.close(
        `only ${Math.floor(free / MIB)} MiB are free and ${Math.ceil(diskReserveBytes / MIB)} MiB are kept in reserve`,
      );
      return false;
    }
    this.#checkedAtMs = clock();
    return true;
  }

  /** Stops writing. */
  close(cause: string): void {
    this.#mayTry = false;
    this.#checkedAtMs = Number.NEGATIVE_INFINITY;
    if (this.#problem !== '') return;
    this.#problem = `The disk of ${this.#settings.path} is full (${cause}): new telemetry is dropped until there is room.`;
    this.#dropped = 0;
    this.#settings.report(`crmbet-otel: ${this.#problem}`);
  }

  /** Lets one group try again when the disk has room. */
  async recheck(): Promise<void> {
    if (this.#mayTry) return;
    if ((await this.freeBytes()) >= this.#settings.diskReserveBytes) this.#mayTry = true;
  }

  /** After a group was written. */
  opened(): void {
    if (this.#problem === '') return;
    this.#problem = '';
    this.#settings.report(
      `crmbet-otel: the disk of ${this.#settings.path} has room again; ${this.#dropped} records were dropped meanwhile.`,
    );
  }

  /** The error for `records` that are dropped now. */
  drop(records: number): TelemetryError {
    this.#dropped += records;
    return new TelemetryError('STORE_FULL', this.#problem);
  }

  /** Room on the disk; a quota or a limit of the process does not show here. */
  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(dirname(this.#settings.path));
    return bavail * bsize;
  }
}
