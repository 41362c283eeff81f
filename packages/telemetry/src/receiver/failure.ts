import { TelemetryError } from '../errors.ts';
import type { RpcStatus } from '../otlp/response.ts';
import type { Signal } from '../otlp/signal.ts';
import { signals } from '../otlp/signal.ts';
import type { ReceiverLimits } from './limits.ts';

/** Why a request failed, for both transports. */
export interface Failure {
  httpStatus: number;
  status: RpcStatus;
  /** Response headers of OTLP/HTTP beside the usual ones. */
  headers?: Record<string, string>;
}

/** Overload: the client should keep its data and try again (OTLP specification, Throttling). */
export function overloaded(message: string, retryAfterSeconds: number): Failure {
  return {
    httpStatus: 503,
    status: { code: 'UNAVAILABLE', message, retryAfterSeconds },
    headers: { 'retry-after': String(retryAfterSeconds) },
  };
}

/** The bodies of all requests together fill what may be held. */
export function noRoom(limits: ReceiverLimits): Failure {
  return overloaded('Too much telemetry is on its way at once; try again', limits.retryAfterSeconds);
}

export function tooLarge(maxBodyBytes: number, what: string): Failure {
  const message = `${what} is larger than ${maxBodyBytes} bytes; send smaller batches`;
  return { httpStatus: 413, status: { code: 'RESOURCE_EXHAUSTED', message } };
}

export function badData(signal: Signal, message: string): Failure {
  return {
    httpStatus: 400,
    status: { code: 'INVALID_ARGUMENT', message, badRequest: signals[signal].request },
  };
}

/** Turns what decoding or storing threw into the answer that makes an SDK do the right thing. */
export function failureOf(error: unknown, signal: Signal, retryAfterSeconds: number): Failure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof TelemetryError) {
    if (error.code === 'INVALID_OTLP') return badData(signal, message);
    if (error.code === 'STORE_OVERLOADED') return overloaded(message, retryAfterSeconds);
    if (error.code === 'STORE_FULL') return storeFull(message);
  }
  return { httpStatus: 500, status: { code: 'INTERNAL', message: `Storing failed: ${message}` } };
}

/**
 * A full disk stays full until somebody acts, so clients must not keep and repeat their data: neither 507 nor
 * RESOURCE_EXHAUSTED without RetryInfo is retried (OTLP specification, Retryable Response Codes and Failures). 503 would be.
 */
function storeFull(message: string): Failure {
  return { httpStatus: 507, status: { code: 'RESOURCE_EXHAUSTED', message } };
}
