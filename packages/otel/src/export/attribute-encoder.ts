import type { WireWriter } from './wire-writer.ts';

/** Keys, and values of one key, that are kept encoded. */
const maxKeys = 200;
const maxValues = 50;
/** Longest value that is kept. */
const maxLength = 200;

/** Encoded `KeyValue`s of values that come again and again: methods, routes, hosts, status codes. */
const known = new Map<string, Map<unknown, Uint8Array>>();

/** Writes attributes as repeated `KeyValue` (opentelemetry.proto.common.v1) with `tag`. */
export function writeAttributes(writer: WireWriter, tag: number, attributes: Readonly<Record<string, unknown>>): void {
  for (const key in attributes) {
    if (Object.hasOwn(attributes, key)) writeKnown(writer, tag, key, attributes[key]);
  }
}

function writeKnown(writer: WireWriter, tag: number, key: string, value: unknown): void {
  writer.tag(tag);
  const values = known.get(key) ?? knowKey(key);
  const encoded = values?.get(value);
  if (encoded !== undefined) return writer.raw(encoded);
  const start = writer.length;
  writeKeyValue(writer, key, value);
  if (values !== undefined && values.size < maxValues && isKept(value)) values.set(value, writer.since(start));
}

function knowKey(key: string): Map<unknown, Uint8Array> | undefined {
  if (known.size >= maxKeys || key.length > maxLength) return undefined;
  const values = new Map<unknown, Uint8Array>();
  known.set(key, values);
  return values;
}

/** A map takes -0 for 0, which are two numbers, and not what is compared by identity. */
function isKept(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= maxLength;
  return typeof value === 'boolean' || (typeof value === 'number' && value > 0);
}

function writeKeyValue(writer: WireWriter, key: string, value: unknown): void {
  const start = writer.begin();
  writer.tag(0x0a);
  writer.text(key);
  writer.tag(0x12);
  writeMessageOf(writer, value);
  writer.end(start);
}

function writeMessageOf(writer: WireWriter, value: unknown): void {
  const start = writer.begin();
  writeAnyValue(writer, value);
  writer.end(start);
}

/** `AnyValue`; what it cannot hold is an empty one. */
function writeAnyValue(writer: WireWriter, value: unknown): void {
  if (typeof value === 'string') {
    writer.tag(0x0a);
    writer.text(value);
  } else if (typeof value === 'number') {
    writeNumber(writer, value);
  } else if (typeof value === 'boolean') {
    writer.tag(0x10);
    writer.varint(value ? 1 : 0);
  } else if (value instanceof Uint8Array) {
    writer.tag(0x3a);
    writer.bytes(value);
  } else if (typeof value === 'object' && value !== null) {
    writeNested(writer, value);
  }
}

function writeNumber(writer: WireWriter, value: number): void {
  if (Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63) {
    writer.tag(0x18);
    writer.int64(value);
  } else {
    writer.tag(0x21);
    writer.double(value);
  }
}

function writeNested(writer: WireWriter, value: object): void {
  writer.tag(Array.isArray(value) ? 0x2a : 0x32);
  const start = writer.begin();
  if (Array.isArray(value)) {
    for (const item of value) {
      writer.tag(0x0a);
      writeMessageOf(writer, item);
    }
  } else {
    for (const [key, item] of Object.entries(value)) {
      writer.tag(0x0a);
      writeKeyValue(writer, key, item);
    }
  }
  writer.end(start);
}
