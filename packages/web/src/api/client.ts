import type {
  Correlation,
  Log,
  LogQuery,
  MetricDescriptor,
  MetricQuery,
  MetricQueryResult,
  ServiceSummary,
  StoreStatus,
  Trace,
  TraceQuery,
  TraceSummary,
} from '@crmbet/telemetry';
import { ApiError, type ApiErrorCode } from './errors.ts';
import { toSearch } from './search-params.ts';

/** What `/status` answers; addresses are absent when that receiver is off. */
export interface ApiStatus {
  status: StoreStatus;
  endpoints: { http?: string; grpc?: string; ui?: string };
  version: string;
}

const codes: Readonly<Record<number, ApiErrorCode>> = { 400: 'INVALID_QUERY', 404: 'NOT_FOUND' };

/** The sentence of the API's error body `{error: {code, message}}`, when it has one. */
function messageOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('error' in body)) return undefined;
  const { error } = body;
  if (typeof error !== 'object' || error === null || !('message' in error)) return undefined;
  return typeof error.message === 'string' ? error.message : undefined;
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return (await response.json()) as unknown;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    if (!response.ok) return undefined;
    throw new ApiError('UNREADABLE', `The query API answered ${response.status} with something that is no JSON.`, {
      cause,
    });
  }
}

/**
 * Asks the query API of this origin.
 * @throws {ApiError} with a sentence to show
 * @throws {DOMException} `AbortError` when `signal` was aborted
 */
async function get<T>(path: string, signal: AbortSignal): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/api/v1${path}`, { signal, headers: { accept: 'application/json' } });
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new ApiError(
      'UNREACHABLE',
      `Nothing answers at ${window.location.origin}. Is crmbet-otel up still running?`,
      {
        cause,
      },
    );
  }
  const body = await readJson(response);
  if (response.ok) return body as T;
  const message = messageOf(body) ?? `The query API answered ${response.status} ${response.statusText}`.trim();
  throw new ApiError(codes[response.status] ?? 'UNAVAILABLE', message);
}

export async function getServices(signal: AbortSignal): Promise<ServiceSummary[]> {
  return (await get<{ services: ServiceSummary[] }>('/services', signal)).services;
}

export async function findTraces(query: TraceQuery, signal: AbortSignal): Promise<TraceSummary[]> {
  return (await get<{ traces: TraceSummary[] }>(`/traces${toSearch(query)}`, signal)).traces;
}

/** @throws {ApiError} `NOT_FOUND` when no span of the trace is stored */
export async function getTrace(traceId: string, signal: AbortSignal): Promise<Trace> {
  return get<Trace>(`/traces/${encodeURIComponent(traceId)}`, signal);
}

export async function findLogs(query: LogQuery, signal: AbortSignal): Promise<Log[]> {
  return (await get<{ logs: Log[] }>(`/logs${toSearch(query)}`, signal)).logs;
}

export async function listMetrics(signal: AbortSignal): Promise<MetricDescriptor[]> {
  return (await get<{ metrics: MetricDescriptor[] }>('/metrics', signal)).metrics;
}

export async function queryMetric(query: MetricQuery, signal: AbortSignal): Promise<MetricQueryResult> {
  return get<MetricQueryResult>(`/metrics/query${toSearch(query)}`, signal);
}

export async function correlate(id: string, signal: AbortSignal): Promise<Correlation> {
  return get<Correlation>(`/correlate/${encodeURIComponent(id)}`, signal);
}

export async function getStatus(signal: AbortSignal): Promise<ApiStatus> {
  return get<ApiStatus>('/status', signal);
}
