import { TelemetryError } from '../errors.ts';
import { messageOf } from './failures.ts';
import { type StoreSettings } from './options.ts';
import { Session } from './session.ts';

/** The opening of the file that is in use, and its replacement when DuckDB refuses to go on with it. */
export class LiveSession {
  readonly #settings: StoreSettings;
  #session: Session | undefined;
  #reopening: Promise<void> | undefined;
  #problem = '';

  constructor(settings: StoreSettings, session: Session) {
    this.#settings = settings;
    this.#session = session;
  }

  /** Empty, or why the file cannot be opened again. */
  get problem(): string {
    return this.#problem;
  }

  /** @throws {TelemetryError} code `STORE_UNUSABLE` while the file cannot be opened again after a failure, and once closed */
  get current(): Session {
    if (this.#session !== undefined) return this.#session;
    throw new TelemetryError('STORE_UNUSABLE', this.#problem || 'The telemetry store is closed.');
  }

  isCurrent(session: Session): boolean {
    return this.#session === session;
  }

  /** Waits while the file is being opened again. */
  async ready(): Promise<Session> {
    await this.#reopening;
    return this.current;
  }

  /** Opens the file where an earlier try failed. */
  async ensureOpen(): Promise<void> {
    if (this.#session === undefined) await this.#open();
  }

  /** Opens the file again; `problem` says when that failed. */
  async reopen(): Promise<void> {
    this.#reopening = this.#replace();
    await this.#reopening;
    this.#reopening = undefined;
  }

  async close(): Promise<void> {
    const session = this.#session;
    await session?.connection.run('CHECKPOINT store').catch(() => undefined); // the next opening reads the log instead
    await session?.close();
    this.#session = undefined;
  }

  async #replace(): Promise<void> {
    const broken = this.#session;
    this.#session = undefined;
    await broken?.close();
    await this.#open().catch(() => undefined); // said in `problem`; maintenance tries again
  }

  async #open(): Promise<void> {
    try {
      this.#session = await Session.open(this.#settings);
      this.#problem = '';
    } catch (error) {
      this.#problem = messageOf(error);
      throw error;
    }
  }
}
