import { type DuckDbStoreOptions } from './options.ts';
import { type DuckDbStore } from './store.ts';

/**
 * Opens (or creates) the local store: one DuckDB file that takes batches and answers the query model. `write` resolves when its
 * records are on disk. Full disk: writing stops, `status().problem` and one reported line say so, records are dropped and
 * counted until there is room. A damaged file is moved aside (`….damaged-<time>`) and a new one started.
 * @throws {TelemetryError} code `STORE_UNUSABLE`: a foreign or newer file, one that another process holds (named), or bad options
 */
export async function openDuckDbStore(options: DuckDbStoreOptions): Promise<DuckDbStore> {
  // Loaded here, so that a program which only asks a query API does not load the database (33 MB).
  const { openStore } = await import('./store.ts');
  return openStore(options);
}
