import {
  DOUBLE,
  INTEGER,
  LIST,
  UBIGINT,
  UHUGEINT,
  VARCHAR,
  listValue,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import { type BoundParameters } from './read-pool.ts';
import { msToNs } from './ids.ts';
import { type TimeRange } from '../query.ts';

/**
 * Collects the conditions of one query and their parameters. Conditions are constant texts of this package with named
 * parameters; values never become part of a text.
 */
export class SqlFilter implements BoundParameters {
  readonly values: Record<string, DuckDBValue> = {};
  readonly types: Record<string, DuckDBType> = {};
  readonly #conditions: string[] = [];

  /** The name, with its `$`, under which `value` is bound. */
  bind(value: DuckDBValue, type: DuckDBType): string {
    const name = `p${Object.keys(this.values).length}`;
    this.values[name] = value;
    this.types[name] = type;
    return `$${name}`;
  }

  text(value: string): string {
    return this.bind(value, VARCHAR);
  }

  integer(value: number): string {
    return this.bind(value, INTEGER);
  }

  double(value: number): string {
    return this.bind(value, DOUBLE);
  }

  uint64(value: bigint): string {
    return this.bind(value, UBIGINT);
  }

  uint64List(values: readonly bigint[]): string {
    return this.bind(listValue(values), LIST(UBIGINT));
  }

  traceId(value: bigint): string {
    return this.bind(value, UHUGEINT);
  }

  traceIdList(values: readonly bigint[]): string {
    return this.bind(listValue(values), LIST(UHUGEINT));
  }

  where(condition: string): this {
    this.#conditions.push(condition);
    return this;
  }

  whereIn(range: TimeRange, column: string): this {
    if (range.startMs !== undefined) this.where(`${column} >= ${this.uint64(msToNs(range.startMs))}`);
    if (range.endMs !== undefined) this.where(`${column} < ${this.uint64(msToNs(range.endMs))}`);
    return this;
  }

  /**
   * The value of `key` in the JSON object of `column` is, as text, `value`. Reading JSON is slow, so rows whose text does
   * not even contain the value are left out first; both sides are written by `JSON.stringify`.
   */
  jsonEquals(column: string, key: string, value: string): string {
    const pointer = this.text(`/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    const fragment = this.text(JSON.stringify(value).slice(1, -1));
    return `(contains(${column}, ${fragment}) AND coalesce(json_extract_string(${column}, ${pointer}) = ${this.text(value)}, false))`;
  }

  /** The WHERE clause; `true` when nothing was asked for. */
  clause(): string {
    return this.#conditions.length === 0 ? 'true' : this.#conditions.join(' AND ');
  }
}
