import { LIST, UBIGINT, listValue, type DuckDBConnection } from '@duckdb/node-api';
import { type MetricPointRecord } from '../model.ts';
import { type Appenders } from './appenders.ts';
import { hashId } from './ids.ts';
import { appendSeries } from './row-writers.ts';

const MAX_CACHED = 20_000;

/** Text to hashed ID, forgotten as a whole when it has grown too big; the hash finds the same ID again. */
class IdCache {
  readonly #ids = new Map<string, bigint>();

  idOf(text: string): bigint {
    let id = this.#ids.get(text);
    if (id === undefined) {
      id = hashId(text);
      if (this.#ids.size >= MAX_CACHED) this.#ids.clear();
      this.#ids.set(text, id);
    }
    return id;
  }
}

/** IDs known to be stored, and those that the open transaction adds. */
class StoredIds {
  readonly #table: 'resources' | 'metric_series';
  readonly #column: 'resource_id' | 'series_id';
  readonly #stored = new Set<bigint>();
  readonly #pending = new Set<bigint>();

  constructor(table: 'resources' | 'metric_series', column: 'resource_id' | 'series_id') {
    this.#table = table;
    this.#column = column;
  }

  /** Those of `ids` that are not stored; they count as stored once the transaction commits. */
  async claimMissing(connection: DuckDBConnection, ids: Iterable<bigint>): Promise<Set<bigint>> {
    const missing = new Set<bigint>();
    for (const id of ids) if (!this.#stored.has(id) && !this.#pending.has(id)) missing.add(id);
    if (missing.size === 0) return missing;
    const found = await connection.runAndReadAll(
      `SELECT ${this.#column} FROM store.${this.#table} WHERE ${this.#column} IN (SELECT unnest($ids))`,
      { ids: listValue([...missing]) },
      { ids: LIST(UBIGINT) },
    );
    for (const id of missing) this.#pending.add(id);
    for (const [id] of found.getRows()) missing.delete(id as bigint);
    return missing;
  }

  settle(committed: boolean): void {
    if (this.#stored.size >= MAX_CACHED) this.#stored.clear();
    if (committed) for (const id of this.#pending) this.#stored.add(id);
    this.#pending.clear();
  }

  forget(): void {
    this.#stored.clear();
  }
}

/** Resources and metric series: stored once each, referred to by the hash of their text. */
export class Dimensions {
  readonly #resourceIds = new IdCache();
  readonly #seriesIds = new IdCache();
  readonly #storedResources = new StoredIds('resources', 'resource_id');
  readonly #storedSeries = new StoredIds('metric_series', 'series_id');

  resourceId(resource: string): bigint {
    return this.#resourceIds.idOf(resource);
  }

  /** A histogram with other bounds is another series: its buckets do not compare. */
  seriesId(point: MetricPointRecord): bigint {
    const key = [
      point.name,
      point.unit,
      point.type,
      point.temporality,
      point.monotonic,
      point.serviceName,
      point.scopeName,
      point.attributes,
      point.explicitBounds,
      this.resourceId(point.resource),
    ];
    return this.#seriesIds.idOf(key.join('\u0000'));
  }

  async storeResources(connection: DuckDBConnection, appenders: Appenders, resources: Iterable<string>): Promise<void> {
    const byId = new Map<bigint, string>();
    for (const resource of resources) byId.set(this.resourceId(resource), resource);
    const missing = await this.#storedResources.claimMissing(connection, byId.keys());
    if (missing.size === 0) return;
    const appender = await appenders.get('resources');
    for (const id of missing) {
      appender.appendUBigInt(id);
      appender.appendVarchar(byId.get(id) ?? '{}');
      appender.endRow();
    }
  }

  async storeSeries(
    connection: DuckDBConnection,
    appenders: Appenders,
    points: ReadonlyMap<bigint, MetricPointRecord>,
  ): Promise<void> {
    const missing = await this.#storedSeries.claimMissing(connection, points.keys());
    if (missing.size === 0) return;
    const appender = await appenders.get('metric_series');
    for (const id of missing) {
      const point = points.get(id);
      if (point !== undefined) appendSeries(appender, point, id, this.resourceId(point.resource));
    }
  }

  /** After COMMIT or ROLLBACK. */
  settle(committed: boolean): void {
    this.#storedResources.settle(committed);
    this.#storedSeries.settle(committed);
  }

  /** After retention deleted some. */
  forget(): void {
    this.#storedResources.forget();
    this.#storedSeries.forget();
  }
}
