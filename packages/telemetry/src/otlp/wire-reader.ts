import { TelemetryError } from '../errors.ts';
import { idOrNone } from './record-rules.ts';

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * Reads protobuf's wire format. Every read is checked against the end of the message it is in, so a malformed body ends
 * in a `TelemetryError` with code `INVALID_OTLP` that names the message and the byte, whatever its bytes are.
 */
export class WireReader {
  readonly bytes: Buffer;
  /** Index of the next byte. */
  position = 0;
  /** Index after the last byte of the message being read. */
  end: number;
  /** How deep messages, and groups in them, may be nested. */
  readonly maxDepth: number;
  private readonly view: DataView;
  private readonly ends: number[] = [];
  private readonly names: string[];
  private lastTraceId = '';
  private lastTraceIdAt = 0;

  constructor(body: Uint8Array, message: string, maxDepth: number) {
    this.bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    this.view = new DataView(body.buffer, body.byteOffset, body.byteLength);
    this.end = body.byteLength;
    this.names = [message];
    this.maxDepth = maxDepth;
  }

  fail(reason: string, at = this.position): never {
    throw new TelemetryError('INVALID_OTLP', `${this.names.join('.')}: ${reason} at byte ${at}`);
  }

  get done(): boolean {
    return this.position >= this.end;
  }

  /** Reads a length and makes the message of that length, called `name` in errors, the one being read. */
  enter(name: string): void {
    const end = this.lengthEnd();
    this.ends.push(this.end);
    this.names.push(name);
    if (this.ends.length > this.maxDepth) this.fail(`messages nested more than ${this.maxDepth} deep`);
    this.end = end;
  }

  /** Goes back to the message outside the one that `enter` began. */
  leave(): void {
    this.position = this.end;
    this.end = this.ends.pop() ?? this.bytes.length;
    this.names.pop();
  }

  /** A field's number and wire type: `number << 3 | type`. */
  tag(): number {
    const at = this.position;
    const tag = this.varint();
    if (tag >= 2 ** 32 || tag < 8) this.fail('invalid field number', at);
    return tag;
  }

  /** A varint as a number; exact up to 2^53. Use `int64` where the value itself matters beyond that. */
  varint(): number {
    // Most tags, lengths and values are one byte: this half is small enough to be inlined.
    const at = this.position;
    const byte = this.bytes[at] as number;
    if (byte >= 0x80 || at >= this.end) return this.longVarint();
    this.position = at + 1;
    return byte;
  }

  private longVarint(): number {
    const { bytes, end, position: start } = this;
    let value = 0;
    let factor = 1;
    for (let at = start; at < end; at++) {
      const byte = bytes[at] as number;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) {
        this.position = at + 1;
        return value;
      }
      if (at - start === 9) this.fail('varint longer than 10 bytes', start);
      factor *= 128;
    }
    return this.fail('truncated varint', start);
  }

  /** A signed 64-bit integer: a number when it is exact, else a bigint. */
  int64(): number | bigint {
    const start = this.position;
    const value = this.varint();
    if (value <= Number.MAX_SAFE_INTEGER) return value;
    const exact = BigInt.asIntN(64, this.exactVarint(start));
    return exact >= -MAX_SAFE && exact <= MAX_SAFE ? Number(exact) : exact;
  }

  /** A zigzag-encoded `sint32`. */
  sint32(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  bool(): boolean {
    return this.varint() !== 0;
  }

  fixed64(): bigint {
    const at = this.take(8);
    return this.view.getBigUint64(at, true);
  }

  sfixed64(): bigint {
    const at = this.take(8);
    return this.view.getBigInt64(at, true);
  }

  double(): number {
    const at = this.take(8);
    return this.view.getFloat64(at, true);
  }

  /** Reads a length and steps over that many bytes; returns where they end. They begin at `position - length`. */
  lengthEnd(): number {
    const at = this.position;
    const length = this.varint();
    if (length > this.end - this.position) this.fail(`length ${length} goes past the end of the message`, at);
    return this.position + length;
  }

  /** UTF-8 text. Invalid bytes become U+FFFD: one bad byte in one attribute must not cost a whole batch. */
  string(): string {
    const end = this.lengthEnd();
    const start = this.position;
    this.position = end;
    return this.bytes.toString('utf8', start, end);
  }

  /** A trace ID as lower-case hexadecimal; empty when absent or all zeros. Spans of one trace come together, so one string serves them. */
  traceId(): string {
    const start = this.idStart(16);
    if (this.lastTraceId === '' || !this.sameBytes(start, this.lastTraceIdAt, this.position - start)) {
      this.lastTraceId = this.hex(start);
      this.lastTraceIdAt = start;
    }
    return this.position === start ? '' : this.lastTraceId;
  }

  /** A span ID as lower-case hexadecimal; empty when absent or all zeros. */
  spanId(): string {
    return this.hex(this.idStart(8));
  }

  /** Steps over bytes. */
  advance(size: number): void {
    this.take(size);
  }

  private take(size: number): number {
    const at = this.position;
    if (size > this.end - at) this.fail(`truncated ${size * 8}-bit value`);
    this.position = at + size;
    return at;
  }

  /** Steps over an ID of `size` or no bytes and returns where it begins. */
  private idStart(size: number): number {
    const at = this.position;
    const end = this.lengthEnd();
    const start = this.position;
    if (end - start !== size && end !== start) this.fail(`an ID of ${end - start} bytes instead of ${size}`, at);
    this.position = end;
    return start;
  }

  private hex(start: number): string {
    const hex = this.bytes.toString('hex', start, this.position);
    return idOrNone(hex);
  }

  private sameBytes(a: number, b: number, length: number): boolean {
    for (let i = 0; i < length; i++) if (this.bytes[a + i] !== this.bytes[b + i]) return false;
    return true;
  }

  private exactVarint(start: number): bigint {
    let value = 0n;
    for (let at = start; at < this.position; at++) {
      value |= BigInt((this.bytes[at] as number) & 0x7f) << BigInt(7 * (at - start));
    }
    return value;
  }
}
