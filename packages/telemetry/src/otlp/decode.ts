import type { DecodedRequest } from './decoded.ts';
import { decodeJsonLogs } from './json-logs.ts';
import { decodeJsonMetrics } from './json-metrics.ts';
import { decodeJsonTraces } from './json-traces.ts';
import type { DecodeLimits } from './limits.ts';
import { defaultDecodeLimits } from './limits.ts';
import type { OtlpEncoding, Signal } from './signal.ts';
import { decodeWireLogs } from './wire-logs.ts';
import { decodeWireMetrics } from './wire-metrics.ts';
import { decodeWireTraces } from './wire-traces.ts';

type Decode = (body: Uint8Array, limits: DecodeLimits) => DecodedRequest;

const decoders: Record<OtlpEncoding, Record<Signal, Decode>> = {
  protobuf: { traces: decodeWireTraces, metrics: decodeWireMetrics, logs: decodeWireLogs },
  json: { traces: decodeJsonTraces, metrics: decodeJsonMetrics, logs: decodeJsonLogs },
};

/**
 * Decodes an OTLP export request (opentelemetry-proto v1) into records for a store. Records that are invalid by
 * themselves are left out and counted, as the protocol's partial success wants; invalid UTF-8 becomes U+FFFD.
 * @param body the message, decompressed
 * @throws {TelemetryError} code `INVALID_OTLP` when the body is malformed or goes past the limits; the message says where
 */
export function decodeOtlp(
  signal: Signal,
  encoding: OtlpEncoding,
  body: Uint8Array,
  limits: DecodeLimits = defaultDecodeLimits,
): DecodedRequest {
  return decoders[encoding][signal](body, limits);
}
