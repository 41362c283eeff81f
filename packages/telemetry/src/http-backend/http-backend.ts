import { TelemetryError, type TelemetryErrorCode } from '../errors.ts';
import {
  type Correlation,
  type Log,
  type LogQuery,
  type MetricDescriptor,
  type MetricQuery,
  type MetricQueryResult,
  type ServiceSummary,
  type StoreStatus,
  type TelemetryBackend,
  type TimeRange,
  type Trace,
  type TraceQuery,
  type TraceSummary,
} from '../query.ts';
import { encodeLogQuery, encodeMetricQuery, encodeRange, encodeTraceQuery } from '../api/query-params.ts';

export interface HttpBackendOptions {
  /** Bearer token of a query API that is reachable from other machines. */
  token?: string;
  /** Longest wait for an answer, milliseconds; default 30,000. */
  timeoutMs?: number;
}

const PASSED_ON = new Set<string>([
  'INVALID_QUERY',
  'NOT_FOUND',
  'STORE_OVERLOADED',
  'STORE_FULL',
  'STORE_UNUSABLE',
  'QUERY_TIMEOUT',
]);

/** Asks one query API. */
class QueryApiClient {
  readonly #base: URL;
  readonly #options: HttpBackendOptions;

  constructor(url: string, options: HttpBackendOptions) {
    const base = URL.parse(url);
    if (base === null || !/^https?:$/.test(base.protocol)) {
      throw new TelemetryError(
        'UNREACHABLE',
        `${url} is no address of a query API: an http:// or https:// address is allowed.`,
      );
    }
    this.#base = new URL('api/v1/', base.href.endsWith('/') ? base : `${base.href}/`);
    this.#options = options;
  }

  async get(path: string, search = new URLSearchParams()): Promise<unknown> {
    const response = await this.#fetch(new URL(`${path}${search.size > 0 ? `?${search.toString()}` : ''}`, this.#base));
    const body: unknown = await response.json().catch(() => undefined);
    if (response.ok && typeof body === 'object' && body !== null) return body;
    throw this.#failure(response.status, body);
  }

  async #fetch(url: URL): Promise<Response> {
    const { token, timeoutMs = 30_000 } = this.#options;
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    try {
      return await fetch(url, { headers, signal: AbortSignal.timeout(timeoutMs) });
    } catch (error) {
      const timedOut = error instanceof Error && error.name === 'TimeoutError';
      const what = timedOut ? `Nothing answered within ${timeoutMs} ms` : 'Nothing answers';
      throw new TelemetryError('UNREACHABLE', `${what} at ${this.#base.origin}. Is crmbet-otel up running there?`, {
        cause: error,
      });
    }
  }

  #failure(status: number, body: unknown): TelemetryError {
    const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined;
    const { code, message } = (typeof error === 'object' && error !== null ? error : {}) as {
      code?: unknown;
      message?: unknown;
    };
    if (typeof code !== 'string' || typeof message !== 'string') {
      return new TelemetryError(
        'UNREACHABLE',
        `What answers at ${this.#base.origin} is no query API of crmbet-otel (status ${status}).`,
      );
    }
    if (!PASSED_ON.has(code))
      return new TelemetryError(
        'UNREACHABLE',
        `The query API at ${this.#base.origin} refused (status ${status}): ${message}`,
      );
    return new TelemetryError(code as TelemetryErrorCode, message);
  }
}

/**
 * The query model over the query API of a running `crmbet-otel up`.
 * @param url its address, such as `http://127.0.0.1:4319`
 * @throws {TelemetryError} code `UNREACHABLE` for an address that is none; every method throws it when nothing answers there
 */
export function createHttpBackend(url: string, options: HttpBackendOptions = {}): TelemetryBackend {
  const client = new QueryApiClient(url, options);
  return {
    services: async (range: TimeRange = {}) =>
      ((await client.get('services', encodeRange(range))) as { services: ServiceSummary[] }).services,
    findTraces: async (query: TraceQuery) =>
      ((await client.get('traces', encodeTraceQuery(query))) as { traces: TraceSummary[] }).traces,
    getTrace: async (traceId: string) => {
      try {
        return (await client.get(`traces/${encodeURIComponent(traceId)}`)) as Trace;
      } catch (error) {
        if (error instanceof TelemetryError && error.code === 'NOT_FOUND') return undefined;
        throw error;
      }
    },
    findLogs: async (query: LogQuery) => ((await client.get('logs', encodeLogQuery(query))) as { logs: Log[] }).logs,
    listMetrics: async (range: TimeRange = {}) =>
      ((await client.get('metrics', encodeRange(range))) as { metrics: MetricDescriptor[] }).metrics,
    queryMetric: async (query: MetricQuery) =>
      (await client.get('metrics/query', encodeMetricQuery(query))) as MetricQueryResult,
    correlate: async (id: string) => (await client.get(`correlate/${encodeURIComponent(id)}`)) as Correlation,
    status: async () => ((await client.get('status')) as { status: StoreStatus }).status,
    close: async () => undefined,
  };
}
