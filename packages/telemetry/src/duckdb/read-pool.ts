import { type DuckDBConnection, type DuckDBType, type DuckDBValue } from '@duckdb/node-api';
import { TelemetryError } from '../errors.ts';

/** Two: a query's work blocks a thread of libuv's pool of four, which the writer, files and compression need too. */
const CONNECTIONS = 2;
const MAX_WAITING = 100;
/** Longest that housekeeping waits for running queries before it ends them, milliseconds. */
const EXCLUSIVE_WAIT_MS = 1000;

export interface BoundParameters {
  values: Record<string, DuckDBValue>;
  types: Record<string, DuckDBType>;
}

export type Row = Record<string, DuckDBValue>;

/** A few connections for queries, handed out in order; a query that takes too long is interrupted. */
export class ReadPool {
  readonly #free: DuckDBConnection[];
  readonly #busy = new Set<DuckDBConnection>();
  readonly #waiting: ((connection: DuckDBConnection | undefined) => void)[] = [];
  readonly #timeoutMs: number;
  #closed = false;
  #paused = false;
  #idle: (() => void) | undefined;

  private constructor(connections: DuckDBConnection[], timeoutMs: number) {
    this.#free = connections;
    this.#timeoutMs = timeoutMs;
  }

  static async open(connect: () => Promise<DuckDBConnection>, timeoutMs: number): Promise<ReadPool> {
    const connections: DuckDBConnection[] = [];
    while (connections.length < CONNECTIONS) connections.push(await connect());
    return new ReadPool(connections, timeoutMs);
  }

  /** @throws {Error} DuckDB's; `STORE_OVERLOADED` when too many queries wait */
  async rows(sql: string, { values, types }: BoundParameters): Promise<Row[]> {
    const connection = await this.#take();
    const timer = setTimeout(() => connection.interrupt(), this.#timeoutMs);
    try {
      return (await connection.runAndReadAll(sql, values, types)).getRowObjects();
    } finally {
      clearTimeout(timer);
      this.#give(connection);
    }
  }

  /** Ends running queries and resolves when they have ended; those that wait fail. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#waiting.splice(0)) waiting(undefined);
    for (const connection of this.#free.splice(0)) connection.closeSync();
    for (const connection of this.#busy) connection.interrupt();
    await this.#untilIdle();
  }

  /**
   * Runs `work` while no query does: DuckDB frees the space of deleted rows only in a checkpoint that no reader overlaps.
   * New queries wait; running ones are ended when they take longer than a second.
   */
  async exclusive<T>(work: () => Promise<T>): Promise<T> {
    this.#paused = true;
    const timer = setTimeout(() => {
      for (const connection of this.#busy) connection.interrupt();
    }, EXCLUSIVE_WAIT_MS);
    try {
      await this.#untilIdle();
      clearTimeout(timer);
      return await work();
    } finally {
      clearTimeout(timer);
      this.#paused = false;
      this.#handOut();
    }
  }

  async #untilIdle(): Promise<void> {
    if (this.#busy.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
  }

  #handOut(): void {
    while (!this.#paused && this.#free.length > 0) {
      const next = this.#waiting.shift();
      const connection = next === undefined ? undefined : this.#free.pop();
      if (next === undefined || connection === undefined) return;
      this.#busy.add(connection);
      next(connection);
    }
  }

  async #take(): Promise<DuckDBConnection> {
    const connection = this.#closed || this.#paused ? undefined : this.#free.pop();
    if (connection !== undefined) {
      this.#busy.add(connection);
      return connection;
    }
    if (this.#waiting.length >= MAX_WAITING) {
      throw new TelemetryError(
        'STORE_OVERLOADED',
        `Too many queries wait for the store (${MAX_WAITING}). Try again shortly.`,
      );
    }
    const given = this.#closed
      ? undefined
      : await new Promise<DuckDBConnection | undefined>((resolve) => {
          this.#waiting.push(resolve);
        });
    if (given === undefined) throw new TelemetryError('STORE_UNUSABLE', 'The telemetry store is closed.');
    return given;
  }

  #give(connection: DuckDBConnection): void {
    this.#busy.delete(connection);
    if (this.#closed) connection.closeSync();
    else this.#free.push(connection);
    this.#handOut();
    if (this.#busy.size === 0) this.#idle?.();
  }
}
