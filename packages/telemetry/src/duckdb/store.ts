import { TelemetryError } from '../errors.ts';
import { type TelemetryBatch, type TelemetryWriter } from '../model.ts';
import { type LogQuery, type MetricQuery, type TelemetryBackend, type TimeRange, type TraceQuery } from '../query.ts';
import { correlate } from './correlate.ts';
import { queryError } from './failures.ts';
import { resolveSettings, type DuckDbStoreOptions } from './options.ts';
import { findLogs } from './query-logs.ts';
import { listMetrics, queryMetric } from './query-metrics.ts';
import { findTraces, getTrace, services, type Run } from './query-spans.ts';
import { Session } from './session.ts';
import { readStatus } from './status.ts';
import { StoreWriter } from './store-writer.ts';
import { validateLogQuery, validateMetricQuery, validateRange, validateTraceQuery } from '../query-rules.ts';

export interface DuckDbStore extends TelemetryBackend, TelemetryWriter {
  /** Retention now instead of at its next turn. */
  maintain(): Promise<void>;
}

/**
 * Opens (or creates) the local store: one DuckDB file that takes batches and answers the query model. `write` resolves when its
 * records are on disk. Full disk: writing stops, `status().problem` and one reported line say so, records are dropped and
 * counted until there is room. A damaged file is moved aside (`….damaged-<time>`) and a new one started.
 * @throws {TelemetryError} code `STORE_UNUSABLE`: a foreign or newer file, one that another process holds (named), or bad options
 */
export async function openDuckDbStore(options: DuckDbStoreOptions): Promise<DuckDbStore> {
  const settings = resolveSettings(options);
  const writer = new StoreWriter(settings, await Session.open(settings));
  const run: Run = async (sql, filter) => {
    try {
      return await writer.session.readers.rows(sql, filter);
    } catch (error) {
      throw queryError(settings.path, error, settings.queryTimeoutMs);
    }
  };
  return {
    write: async (batch: TelemetryBatch) => {
      if (settings.readOnly)
        throw new TelemetryError('STORE_UNUSABLE', `The telemetry store ${settings.path} is open for queries only.`);
      return writer.write(batch);
    },
    services: async (range: TimeRange = {}) => services(run, validateRange(range)),
    findTraces: async (query: TraceQuery) => findTraces(run, validateTraceQuery(query)),
    getTrace: (traceId: string) => getTrace(run, traceId),
    findLogs: async (query: LogQuery) => findLogs(run, validateLogQuery(query)),
    listMetrics: async (range: TimeRange = {}) => listMetrics(run, validateRange(range)),
    queryMetric: async (query: MetricQuery) => queryMetric(run, validateMetricQuery(query)),
    correlate: (id: string) => correlate(run, id),
    status: () => readStatus(run, settings.path, writer.dropped, writer.problem),
    maintain: () => writer.maintain(),
    close: () => writer.close(),
  };
}
