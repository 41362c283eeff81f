import { type DuckDBConnection } from '@duckdb/node-api';
import { openDatabase, type Database } from './database.ts';
import { GroupWriter } from './group-writer.ts';
import { type StoreSettings } from './options.ts';
import { ReadPool } from './read-pool.ts';

/** Everything that belongs to one opening of the file; after a fatal error of DuckDB a new one replaces it. */
export class Session {
  readonly readers: ReadPool;
  /** For writing and maintenance, one statement at a time. */
  readonly connection: DuckDBConnection;
  readonly writer: GroupWriter;
  readonly #database: Database;

  private constructor(database: Database, readers: ReadPool, connection: DuckDBConnection) {
    this.#database = database;
    this.readers = readers;
    this.connection = connection;
    this.writer = new GroupWriter(connection);
  }

  /** @throws {TelemetryError} code `STORE_UNUSABLE` */
  static async open(settings: StoreSettings): Promise<Session> {
    const database = await openDatabase(settings);
    try {
      const readers = await ReadPool.open(() => database.connect(), settings.queryTimeoutMs);
      return new Session(database, readers, await database.connect());
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.readers.close();
    this.writer.close();
    this.connection.closeSync();
    await this.#database.close();
  }
}
