import { type DuckDBConnection, type DuckDBType, type DuckDBValue } from '@duckdb/node-api';
import { TelemetryError } from '../errors.ts';

/** Two: a query's work blocks a thread of libuv's pool of four, which the writer, files and compression need too. */
const CONNECTIONS = 2;
const MAX_WAITING = 100;

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
    if (this.#busy.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
  }

  async #take(): Promise<DuckDBConnection> {
    const connection = this.#closed ? undefined : this.#free.pop();
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
    const next = this.#waiting.shift();
    if (next !== undefined) return next(connection);
    this.#busy.delete(connection);
    if (!this.#closed) {
      this.#free.push(connection);
      return;
    }
    connection.closeSync();
    if (this.#busy.size === 0) this.#idle?.();
  }
}
