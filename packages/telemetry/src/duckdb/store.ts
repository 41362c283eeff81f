import { TelemetryError } from '../errors.ts';
import { type TelemetryBatch, type TelemetryWriter } from '../model.ts';
import { type LogQuery, type MetricQuery, type TelemetryBackend, type TimeRange, type TraceQuery } from '../query.ts';
import { correlate } from './correlate.ts';
import { queryError } from './failures.ts';
import { resolveSettings, type DuckDbStoreOptions } from './options.ts';
import { findLogs } from './query-logs.ts';
import { listMetrics } from './list-metrics.ts';
import { queryMetric } from './query-metrics.ts';
import { findTraces, getTrace, services, type Run } from './query-spans.ts';
import { Session } from './session.ts';
import { readStatus } from './status.ts';
import { StoreWriter } from './store-writer.ts';
import {
  validateId,
  validateTraceId,
  validateLogQuery,
  validateMetricQuery,
  validateRange,
  validateTraceQuery,
} from '../query-rules.ts';

export interface DuckDbStore extends TelemetryBackend, TelemetryWriter {
  /** Retention now instead of at its next turn. */
  maintain(): Promise<void>;
}

/** See `openDuckDbStore`. */
export async function openStore(options: DuckDbStoreOptions): Promise<DuckDbStore> {
  const settings = resolveSettings(options);
  const writer = new StoreWriter(settings, await Session.open(settings));
  const run: Run = async (sql, filter) => {
    for (let attempt = 1; ; attempt += 1) {
      const session = await writer.readySession();
      try {
        return await session.readers.rows(sql, filter);
      } catch (error) {
        if (attempt === 1 && (await writer.replaces(session, error))) continue;
        throw queryError(settings.path, error, settings.queryTimeoutMs);
      }
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
    getTrace: async (traceId: string) => getTrace(run, validateTraceId(traceId)),
    findLogs: async (query: LogQuery) => findLogs(run, validateLogQuery(query)),
    listMetrics: async (range: TimeRange = {}) => listMetrics(run, validateRange(range)),
    queryMetric: async (query: MetricQuery) => queryMetric(run, validateMetricQuery(query)),
    correlate: async (id: string) => correlate(run, validateId(id)),
    status: () => readStatus(run, settings.path, writer.dropped, writer.problem),
    maintain: () => writer.maintain(),
    close: () => writer.close(),
  };
}
