import { recorderOf } from './catalogue-names.ts';
import { UNMATCHED_ROUTE } from './catalogue-types.ts';
import type { MeasurementOrigin } from './exemplars.ts';
import type { Registry } from './registry.ts';

const HTTP_COUNTED = Symbol.for('crmbet.metrics.http_counted');

/** Methods with a label value of their own: RFC 9110, PATCH (RFC 5789) and QUERY, as in the semantic conventions. */
const KNOWN_METHODS: ReadonlySet<string> = new Set([
  'CONNECT',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'QUERY',
  'TRACE',
]);

/** The method as a label or attribute value; `_OTHER` when it is none of the known ones (semantic conventions, "HTTP spans"). */
export function knownHttpMethod(method: string | undefined): string {
  return method !== undefined && KNOWN_METHODS.has(method) ? method : '_OTHER';
}

const statusTexts = Array.from({ length: 1000 }, (_, code) => String(code));

/** One HTTP request that a server has answered, or given up. */
export interface HttpRequestMeasurement {
  readonly method: string;
  /** Full route template; absent or empty: no route matched. */
  readonly route?: string | undefined;
  /** 499 when the client went away before the answer was sent. */
  readonly statusCode: number;
  readonly durationSeconds: number;
  /** For the exemplar; default: what runs now. */
  readonly origin?: MeasurementOrigin | undefined;
}

/**
 * Claims a request (an object that lives as long as it, such as `IncomingMessage`) for whoever counts it. The first
 * caller gets `true` and counts; every later one, in whatever copy of this package, gets `false` and must not.
 */
export function claimHttpRequest(request: object): boolean {
  const claimed = request as { [HTTP_COUNTED]?: boolean };
  if (claimed[HTTP_COUNTED] === true) return false;
  claimed[HTTP_COUNTED] = true;
  return true;
}

export type RecordHttpRequest = (measurement: HttpRequestMeasurement) => void;

/** A function that counts a request in `http_requests_total` and `http_request_duration_seconds`. */
export function createHttpRecorder(registry: Registry): RecordHttpRequest {
  const requests = recorderOf(registry, 'http_requests_total');
  const durations = recorderOf(registry, 'http_request_duration_seconds');
  return ({ method, route, statusCode, durationSeconds, origin }) => {
    const methodLabel = knownHttpMethod(method);
    const routeLabel = route === undefined || route === '' ? UNMATCHED_ROUTE : route;
    const status = statusTexts[statusCode] ?? String(statusCode);
    requests.record(1, origin, methodLabel, routeLabel, status);
    durations.record(durationSeconds, origin, methodLabel, routeLabel, status);
  };
}
