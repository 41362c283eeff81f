import { createHash } from 'node:crypto';

const MAX_UINT64 = 0xffff_ffff_ffff_ffffn;

/** The number of `text`, which must be `digits` hexadecimal digits or empty (0); `undefined` otherwise. */
export function idFromHex(text: string, digits: 16 | 32): bigint | undefined {
  if (text === '') return 0n;
  if (text.length !== digits) return undefined;
  try {
    return BigInt(`0x${text}`);
  } catch {
    return undefined;
  }
}

/** Text of an ID; empty for 0. */
export function idToHex(id: bigint, digits: 16 | 32): string {
  return id === 0n ? '' : id.toString(16).padStart(digits, '0');
}

/** First 64 bits of the SHA-256 of `text`; the same as the migration computes in SQL. */
export function hashId(text: string): bigint {
  return createHash('sha256').update(text).digest().readBigUInt64BE(0);
}

/** `value` within an unsigned 64-bit column. */
export function toUint64(value: bigint): bigint {
  if (value < 0n) return 0n;
  return value > MAX_UINT64 ? MAX_UINT64 : value;
}

export const NS_PER_MS = 1_000_000n;

/** Milliseconds since the epoch (may have a fraction) as nanoseconds. */
export function msToNs(ms: number): bigint {
  return toUint64(BigInt(Math.round(ms * 1000)) * 1000n);
}

export function nsToMs(ns: bigint): number {
  return Number(ns / 1000n) / 1000;
}
