/** Values of the characters 0-9, a-f and A-F. */
const hexValues = new Uint8Array(128);
for (const [index, digit] of '0123456789abcdef'.split('').entries()) {
  hexValues[digit.charCodeAt(0)] = index;
  hexValues[digit.toUpperCase().charCodeAt(0)] = index;
}
/** Longest text that is written character by character; beyond it the call into the runtime pays. */
const shortText = 64;
const twoTo32 = 2 ** 32;

/**
 * The protobuf wire format, written once from front to back into one buffer that grows. Tags are given whole: field
 * number * 8 + wire type, at most two bytes.
 */
export class WireWriter {
  #bytes = Buffer.allocUnsafe(64 * 1024);
  #length = 0;

  /** Forgets what was written. */
  clear(): void {
    this.#length = 0;
  }

  get length(): number {
    return this.#length;
  }

  /** What was written from `start` on, copied. */
  since(start: number): Uint8Array {
    return new Uint8Array(this.#bytes.subarray(start, this.#length));
  }

  tag(tag: number): void {
    this.varint(tag);
  }

  /** A whole number from 0 to 2^53. */
  varint(value: number): void {
    this.#reserve(10);
    let rest = value;
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  /** A whole number of 64 bits, negative ones as two's complement. */
  int64(value: number): void {
    if (value >= 0 && value <= Number.MAX_SAFE_INTEGER) return this.varint(value);
    this.#reserve(10);
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest > 0x7fn) {
      this.#bytes[this.#length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#bytes[this.#length++] = Number(rest);
  }

  double(value: number): void {
    this.#reserve(8);
    this.#length = this.#bytes.writeDoubleLE(value, this.#length);
  }

  fixed32(value: number): void {
    this.#reserve(4);
    this.#length = this.#bytes.writeUInt32LE(value, this.#length);
  }

  /** Seconds and nanoseconds as nanoseconds of 64 bits, which a number does not hold. */
  nanoseconds(seconds: number, nanoseconds: number): void {
    const low = (seconds % 65_536) * 1e9 + nanoseconds;
    const high = Math.floor(seconds / 65_536) * 1e9;
    const lower = (low % twoTo32) + (high % 65_536) * 65_536;
    this.fixed32(lower % twoTo32);
    this.fixed32(Math.floor(low / twoTo32) + Math.floor(high / 65_536) + Math.floor(lower / twoTo32));
  }

  /** Bytes as they are, without a length. */
  raw(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /** Length and bytes. */
  bytes(value: Uint8Array): void {
    this.varint(value.length);
    this.raw(value);
  }

  /** Length and the bytes that hexadecimal digits stand for. */
  hex(digits: string): void {
    const size = digits.length >> 1;
    this.varint(size);
    this.#reserve(size);
    for (let at = 0; at < size * 2; at += 2) {
      const high = hexValues[digits.charCodeAt(at)] ?? 0;
      this.#bytes[this.#length++] = (high << 4) | (hexValues[digits.charCodeAt(at + 1)] ?? 0);
    }
  }

  /** Length and text as UTF-8. */
  text(value: string): void {
    if (value.length <= shortText && this.#ascii(value)) return;
    const size = Buffer.byteLength(value);
    this.varint(size);
    this.#reserve(size);
    this.#length += this.#bytes.write(value, this.#length, 'utf8');
  }

  /** Begins a message whose length is not known yet; gives what {@link end} needs. */
  begin(): number {
    this.#reserve(1);
    this.#length += 1;
    return this.#length;
  }

  /** Ends the message that began at `start`: one of 128 bytes or more moves to make room for its length. */
  end(start: number): void {
    const size = this.#length - start;
    const room = size < 0x80 ? 0 : size < 0x4000 ? 1 : size < 0x20_0000 ? 2 : 3;
    if (room > 0) {
      this.#reserve(room);
      this.#bytes.copyWithin(start + room, start, this.#length);
    }
    const after = this.#length + room;
    this.#length = start - 1;
    this.varint(size);
    this.#length = after;
  }

  /** Writes text of ASCII characters alone, else nothing. */
  #ascii(value: string): boolean {
    const size = value.length;
    this.#reserve(size + 1);
    const bytes = this.#bytes;
    const start = this.#length + 1;
    for (let at = 0; at < size; at += 1) {
      const code = value.charCodeAt(at);
      if (code > 0x7f) return false;
      bytes[start + at] = code;
    }
    bytes[this.#length] = size;
    this.#length = start + size;
    return true;
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + size));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
