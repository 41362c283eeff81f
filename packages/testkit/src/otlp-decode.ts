import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';
import type { ExportRequest } from './otlp-messages.ts';

export type OtlpSignal = 'traces' | 'metrics' | 'logs';

const { root } = protobuf.parse(readFileSync(new URL('../proto/otlp.proto', import.meta.url), 'utf8'));
const requestTypes = {
  traces: root.lookupType('otlp.ExportTraceServiceRequest'),
  metrics: root.lookupType('otlp.ExportMetricsServiceRequest'),
  logs: root.lookupType('otlp.ExportLogsServiceRequest'),
};
/** OTLP/JSON writes these `bytes` fields in hexadecimal, unlike protobuf's JSON mapping (OTLP specification, JSON Protobuf Encoding). */
const hexFields = new Set(['traceId', 'spanId', 'parentSpanId']);

/**
 * Decodes an OTLP export request by the protocol's field numbers with `protobufjs`.
 * @throws {Error} when the bytes are no such message
 */
export function decodeOtlp(signal: OtlpSignal, encoding: 'protobuf' | 'json', body: Uint8Array): ExportRequest {
  const type = requestTypes[signal];
  const message =
    encoding === 'protobuf'
      ? type.decode(body)
      : type.fromObject(JSON.parse(Buffer.from(body).toString('utf8'), hexToBytes) as Record<string, unknown>);
  return type.toObject(message, { longs: String });
}

/**
 * The protobuf bytes of an export request that is given as `protobufjs` takes it: lower-camel keys, 64-bit integers as
 * strings or numbers, `bytes` as `Buffer`s or base64. For messages that no SDK would send.
 */
export function encodeOtlp(signal: OtlpSignal, request: Record<string, unknown>): Uint8Array {
  const type = requestTypes[signal];
  return type.encode(type.fromObject(request)).finish();
}

function hexToBytes(key: string, value: unknown): unknown {
  return hexFields.has(key) && typeof value === 'string' ? Buffer.from(value, 'hex') : value;
}
