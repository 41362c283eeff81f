import { Pool, TypeOverrides, types } from 'pg';
import type { Config } from '../config.ts';
import type { AppLogger } from '../logging.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { createSchema } from './schema.ts';

export interface Database {
  pool: Pool;
  /** `embedded` or `external`, for people. */
  kind: 'embedded' | 'external';
  close(): Promise<void>;
}

/** Points in time leave the driver as ISO 8601 text: that is what clients and caches get, whichever way a row took. */
const typeParsers = new TypeOverrides();
typeParsers.setTypeParser(types.builtins.TIMESTAMPTZ, (text) => new Date(text).toISOString());

/**
 * A pool on DATABASE_URL, or on an embedded PostgreSQL when that is not set, with the tables created.
 * @throws {BackendError} `DATABASE_FAILED` when the embedded one does not start; the driver's error when the other refuses
 */
export async function openDatabase(config: Config, log: AppLogger): Promise<Database> {
  const embedded = config.databaseUrl === undefined ? await startEmbeddedPostgres() : undefined;
  const pool = new Pool({
    connectionString: config.databaseUrl ?? embedded?.url,
    max: config.databasePoolSize,
    connectionTimeoutMillis: 5000,
    application_name: 'crmbet-backend',
    types: typeParsers,
  });
  // An idle connection that breaks is replaced by the pool; unheard, the event would end the process.
  pool.on('error', (error) => log.error('Idle database connection failed', error));
  const close = async () => {
    await pool.end();
    await embedded?.close();
  };
  try {
    await createSchema(pool);
  } catch (error) {
    await close();
    throw error;
  }
  return { pool, kind: embedded ? 'embedded' : 'external', close };
}
