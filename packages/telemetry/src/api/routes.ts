import { TelemetryError } from '../errors.ts';
import { type TelemetryBackend } from '../query.ts';
import { validateId, validateTraceId } from '../query-rules.ts';
import { decodeLogQuery, decodeMetricQuery, decodeNothing, decodeRange, decodeTraceQuery } from './query-params.ts';

/** What `/status` tells beyond the store's own status. */
export interface ServerFacts {
  /** Counts of the receiver since start. */
  receiver: () => Record<string, unknown>;
  /** Addresses that are listened on. */
  endpoints: () => Record<string, string>;
  version: string;
}

async function trace(backend: TelemetryBackend, id: string): Promise<unknown> {
  const found = await backend.getTrace(validateTraceId(id));
  if (found === undefined) throw new TelemetryError('NOT_FOUND', `No span of trace ${id} is stored.`);
  return found;
}

/**
 * Answers one GET below `/api/v1`; the result is JSON.
 * @throws {TelemetryError} `NOT_FOUND`, `INVALID_QUERY` and what the backend throws
 */
export async function route(
  backend: TelemetryBackend,
  facts: ServerFacts,
  path: readonly string[],
  search: URLSearchParams,
): Promise<unknown> {
  const [resource, id, ...more] = path;
  if (more.length === 0 && id === undefined) {
    if (resource === 'services') return { services: await backend.services(decodeRange(search)) };
    if (resource === 'traces') return { traces: await backend.findTraces(decodeTraceQuery(search)) };
    if (resource === 'logs') return { logs: await backend.findLogs(decodeLogQuery(search)) };
    if (resource === 'metrics') return { metrics: await backend.listMetrics(decodeRange(search)) };
    if (resource === 'status') {
      decodeNothing(search);
      return {
        status: await backend.status(),
        receiver: facts.receiver(),
        endpoints: facts.endpoints(),
        version: facts.version,
      };
    }
  }
  if (more.length === 0 && id !== undefined) {
    if (resource === 'metrics' && id === 'query') return backend.queryMetric(decodeMetricQuery(search));
    decodeNothing(search);
    if (resource === 'traces') return trace(backend, id);
    if (resource === 'correlate') return backend.correlate(validateId(id));
  }
  throw new TelemetryError(
    'NOT_FOUND',
    `There is no /api/v1/${path.join('/').slice(0, 100)}. There are services, traces, traces/ID, logs, metrics, metrics/query, correlate/ID and status.`,
  );
}
