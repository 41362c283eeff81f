import { setImmediate as nextTurn } from 'node:timers/promises';
import { type DuckDBConnection } from '@duckdb/node-api';
import { type MetricPointRecord, type TelemetryBatch, type WriteResult } from '../model.ts';
import { Appenders } from './appenders.ts';
import { Dimensions } from './dimensions.ts';
import { appendExemplar, appendLog, appendPoint, appendSpan } from './row-writers.ts';

/** Rows appended before other work of the event loop gets its turn (about 5 ms). */
const ROWS_A_TURN = 1000;
const MAX_REMEMBERED_EXEMPLARS = 20_000;
const BAD_ID =
  'Records with an invalid trace ID or span ID were rejected: 32 and 16 hexadecimal digits, not all zero, are allowed.';

/** Writes groups of batches, each in one transaction. Not for concurrent use. */
export class GroupWriter {
  readonly #connection: DuckDBConnection;
  readonly #appenders: Appenders;
  readonly #dimensions = new Dimensions();
  /** Cumulative exporters send an exemplar again with every export until a new one replaces it. */
  readonly #seenExemplars = new Set<string>();
  #rowsThisTurn = 0;

  constructor(connection: DuckDBConnection) {
    this.#connection = connection;
    this.#appenders = new Appenders(connection);
  }

  /**
   * Appends and commits; durable when it resolves. After a failure nothing of the group is stored.
   * @throws {Error} DuckDB's
   */
  async write(batches: readonly TelemetryBatch[]): Promise<WriteResult[]> {
    const results: WriteResult[] = [];
    try {
      await this.#connection.run('BEGIN');
      for (const batch of batches) results.push(await this.#append(batch));
      this.#appenders.flush();
      await this.#connection.run('COMMIT');
    } catch (error) {
      this.#dimensions.settle(false);
      await this.#rollBack();
      throw error;
    }
    this.#dimensions.settle(true);
    return results;
  }

  /** Call after rows were deleted outside of this writer. */
  forgetDimensions(): void {
    this.#dimensions.forget();
  }

  close(): void {
    this.#appenders.discard();
  }

  async #append(batch: TelemetryBatch): Promise<WriteResult> {
    const { spans, logs, metricPoints } = batch;
    const resources = new Set<string>();
    for (const records of [spans, logs, metricPoints]) for (const { resource } of records) resources.add(resource);
    await this.#dimensions.storeResources(this.#connection, this.#appenders, resources);
    const rejected = (await this.#appendSpans(batch)) + (await this.#appendLogs(batch));
    await this.#appendPoints(metricPoints);
    const accepted = spans.length + logs.length + metricPoints.length - rejected;
    return { accepted, rejected, message: rejected === 0 ? '' : BAD_ID };
  }

  async #appendSpans({ spans }: TelemetryBatch): Promise<number> {
    if (spans.length === 0) return 0;
    const appender = await this.#appenders.get('spans');
    let rejected = 0;
    for (const span of spans) {
      if (!appendSpan(appender, span, this.#dimensions.resourceId(span.resource))) rejected += 1;
      if (this.#turnIsOver()) await nextTurn();
    }
    return rejected;
  }

  async #appendLogs({ logs }: TelemetryBatch): Promise<number> {
    if (logs.length === 0) return 0;
    const appender = await this.#appenders.get('logs');
    let rejected = 0;
    for (const log of logs) {
      if (!appendLog(appender, log, this.#dimensions.resourceId(log.resource))) rejected += 1;
      if (this.#turnIsOver()) await nextTurn();
    }
    return rejected;
  }

  async #appendPoints(points: readonly MetricPointRecord[]): Promise<void> {
    if (points.length === 0) return;
    const seriesIds = points.map((point) => this.#dimensions.seriesId(point));
    const firstOfSeries = new Map<bigint, MetricPointRecord>();
    points.forEach((point, index) => {
      const id = seriesIds[index] ?? 0n;
      if (!firstOfSeries.has(id)) firstOfSeries.set(id, point);
    });
    await this.#dimensions.storeSeries(this.#connection, this.#appenders, firstOfSeries);
    const appender = await this.#appenders.get('metric_points');
    for (const [index, point] of points.entries()) {
      appendPoint(appender, point, seriesIds[index] ?? 0n);
      if (point.exemplars.length > 0) await this.#appendExemplars(point, seriesIds[index] ?? 0n);
      if (this.#turnIsOver()) await nextTurn();
    }
  }

  async #appendExemplars(point: MetricPointRecord, seriesId: bigint): Promise<void> {
    const appender = await this.#appenders.get('exemplars');
    for (const exemplar of point.exemplars) {
      const key = `${seriesId}/${exemplar.timeUnixNano}/${exemplar.spanId}/${exemplar.value}`;
      if (this.#seenExemplars.has(key)) continue;
      if (this.#seenExemplars.size >= MAX_REMEMBERED_EXEMPLARS) this.#seenExemplars.clear();
      this.#seenExemplars.add(key);
      appendExemplar(appender, exemplar, seriesId);
    }
  }

  #turnIsOver(): boolean {
    this.#rowsThisTurn += 1;
    if (this.#rowsThisTurn < ROWS_A_TURN) return false;
    this.#rowsThisTurn = 0;
    return true;
  }

  async #rollBack(): Promise<void> {
    this.#appenders.discard();
    this.#seenExemplars.clear();
    // Without an open transaction (the commit ended it) ROLLBACK fails, which changes nothing.
    await this.#connection.run('ROLLBACK').catch(() => undefined);
  }
}
