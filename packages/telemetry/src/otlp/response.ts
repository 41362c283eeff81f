import type { OtlpEncoding, Signal } from './signal.ts';
import { signals } from './signal.ts';
import { WireWriter } from './wire-writer.ts';

/** The part of google.rpc.Code that a receiver answers with; gRPC's status codes are the same numbers. */
const rpcCodes = {
  INVALID_ARGUMENT: 3,
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
} as const;

export type RpcCode = keyof typeof rpcCodes;

/** A failure as google.rpc.Status: what every 4xx and 5xx answer of OTLP/HTTP carries, and gRPC's `grpc-status-details-bin`. */
export interface RpcStatus {
  code: RpcCode;
  message: string;
  /** Adds `google.rpc.RetryInfo`: the client may try again after so many seconds. */
  retryAfterSeconds?: number;
  /** Adds `google.rpc.BadRequest`: the request named here is what is wrong. */
  badRequest?: string;
}

/** An `Export…ServiceResponse`. With nothing rejected `partial_success` stays unset, as the protocol demands. */
export function encodeExportResponse(
  signal: Signal,
  encoding: OtlpEncoding,
  rejected: number,
  message: string,
): Buffer {
  if (encoding === 'protobuf') {
    if (rejected === 0) return Buffer.alloc(0);
    const partialSuccess = new WireWriter().varint(1, rejected).string(2, message).finish();
    return new WireWriter().bytes(1, partialSuccess).finish();
  }
  if (rejected === 0) return Buffer.from('{}');
  // Protobuf's JSON mapping writes 64-bit integers as strings.
  const partialSuccess = { [signals[signal].rejectedField]: String(rejected), errorMessage: message };
  return Buffer.from(JSON.stringify({ partialSuccess }));
}

/** A google.rpc.Status. */
export function encodeStatus(encoding: OtlpEncoding, status: RpcStatus): Buffer {
  return encoding === 'protobuf' ? wireStatus(status) : Buffer.from(JSON.stringify(jsonStatus(status)));
}

const RETRY_INFO = 'type.googleapis.com/google.rpc.RetryInfo';
const BAD_REQUEST = 'type.googleapis.com/google.rpc.BadRequest';

function wireStatus({ code, message, retryAfterSeconds, badRequest }: RpcStatus): Buffer {
  const status = new WireWriter().varint(1, rpcCodes[code]).string(2, message);
  if (retryAfterSeconds !== undefined) {
    const duration = new WireWriter().varint(1, retryAfterSeconds).finish();
    status.bytes(3, wireAny(RETRY_INFO, new WireWriter().bytes(1, duration).finish()));
  }
  if (badRequest !== undefined) {
    const violation = new WireWriter().string(1, badRequest).string(2, message).finish();
    status.bytes(3, wireAny(BAD_REQUEST, new WireWriter().bytes(1, violation).finish()));
  }
  return status.finish();
}

function wireAny(typeUrl: string, value: Buffer): Buffer {
  return new WireWriter().string(1, typeUrl).bytes(2, value).finish();
}

function jsonStatus({ code, message, retryAfterSeconds, badRequest }: RpcStatus): object {
  const details: object[] = [];
  if (retryAfterSeconds !== undefined) details.push({ '@type': RETRY_INFO, retryDelay: `${retryAfterSeconds}s` });
  if (badRequest !== undefined) {
    details.push({ '@type': BAD_REQUEST, fieldViolations: [{ field: badRequest, description: message }] });
  }
  const status = { code: rpcCodes[code], message };
  return details.length === 0 ? status : { ...status, details };
}
