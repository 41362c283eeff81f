import { type DuckDBAppender, type DuckDBConnection } from '@duckdb/node-api';

const TABLES = ['resources', 'spans', 'logs', 'metric_series', 'metric_points', 'exemplars'] as const;
export type TableName = (typeof TABLES)[number];

/** One appender a table, made when first used and kept over transactions. */
export class Appenders {
  readonly #connection: DuckDBConnection;
  readonly #open = new Map<TableName, DuckDBAppender>();

  constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  async get(table: TableName): Promise<DuckDBAppender> {
    const known = this.#open.get(table);
    if (known !== undefined) return known;
    const made = await this.#connection.createAppender(table, 'main', 'store');
    this.#open.set(table, made);
    return made;
  }

  /** Hands everything appended to the open transaction. */
  flush(): void {
    for (const appender of this.#open.values()) appender.flushSync();
  }

  /** Forgets all appenders with what they hold; after a failure they are in an undefined state. */
  discard(): void {
    for (const appender of this.#open.values()) {
      try {
        appender.clear();
        appender.closeSync();
      } catch {
        // The failure that led here was reported already.
      }
    }
    this.#open.clear();
  }
}
