/** Writes the few small protobuf messages that answers consist of. */
export class WireWriter {
  private readonly parts: Buffer[] = [];

  /** A varint field; 0 is left out, as proto3 does. */
  varint(field: number, value: number): this {
    if (value !== 0) this.parts.push(encodeVarint(field * 8), encodeVarint(value));
    return this;
  }

  /** A string field; an empty one is left out. */
  string(field: number, value: string): this {
    return value === '' ? this : this.bytes(field, Buffer.from(value));
  }

  /** A message or bytes field, written even when empty. */
  bytes(field: number, value: Buffer): this {
    this.parts.push(encodeVarint(field * 8 + 2), encodeVarint(value.length), value);
    return this;
  }

  finish(): Buffer {
    return Buffer.concat(this.parts);
  }
}

/** @param value a whole number from 0 to 2^53 */
function encodeVarint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}
