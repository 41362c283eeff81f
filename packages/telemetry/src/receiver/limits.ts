import type { DecodeLimits } from '../otlp/limits.ts';
import { defaultDecodeLimits } from '../otlp/limits.ts';

/** Everything a client can make the receiver hold has a limit. */
export interface ReceiverLimits {
  /** Bytes of one request's body, as sent and after decompression; more is answered with 413 or RESOURCE_EXHAUSTED. */
  maxBodyBytes: number;
  /** Bytes of all bodies that are being received, decoded or stored; more is answered with 503 or UNAVAILABLE. */
  maxInFlightBytes: number;
  /** Milliseconds from a request's head to the end of its body; longer is answered with 408. */
  bodyTimeoutMs: number;
  /** Connections at one time; more are closed at once. */
  maxConnections: number;
  /** Milliseconds that `close()` waits for requests in flight. */
  closeTimeoutMs: number;
  /** Seconds after which an overloaded receiver asks to be tried again. A store commits several times a second. */
  retryAfterSeconds: number;
  decode: DecodeLimits;
}

const MEBIBYTE = 1024 * 1024;

export const defaultReceiverLimits: Readonly<ReceiverLimits> = {
  // The Collector's default. The protocol's recommendation, 64 MiB, would not leave room for a second request in 400 MB.
  maxBodyBytes: 20 * MEBIBYTE,
  maxInFlightBytes: 64 * MEBIBYTE,
  bodyTimeoutMs: 15_000,
  maxConnections: 512,
  closeTimeoutMs: 5_000,
  retryAfterSeconds: 1,
  decode: defaultDecodeLimits,
};
