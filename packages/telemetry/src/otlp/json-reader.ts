import { TelemetryError } from '../errors.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

const UINT64_MAX = 2n ** 64n - 1n;
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/**
 * Reads fields of an OTLP/JSON message with the types of protobuf's JSON mapping. An absent field and `null` are the
 * field's default. A wrong type is a `TelemetryError` with code `INVALID_OTLP` that names the path of the field.
 */
export class JsonReader {
  private readonly path: (string | number)[] = [];
  private readonly request: string;
  private readonly maxDepth: number;

  constructor(request: string, maxDepth: number) {
    this.request = request;
    this.maxDepth = maxDepth;
  }

  fail(reason: string): never {
    throw new TelemetryError('INVALID_OTLP', `${this.request}: ${reason} at ${this.pathText()}`);
  }

  /** The body as an object. Invalid UTF-8 becomes U+FFFD, as in protobuf bodies. */
  parse(body: Uint8Array): JsonObject {
    let value: unknown;
    try {
      value = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new TelemetryError('INVALID_OTLP', `${this.request}: no JSON: ${clip(reason)}`, { cause });
    }
    return this.asObject(value);
  }

  /** Calls `read` with each element of an array of messages, while `at` leads there. */
  each(object: JsonObject, key: string, read: (item: JsonObject) => void): void {
    this.eachValue(object, key, (item) => read(this.asObject(item)));
  }

  /** Calls `read` with each element of an array. */
  eachValue(object: JsonObject, key: string, read: (item: unknown) => void): void {
    const list = object[key] ?? [];
    this.at(key, () => {
      if (!Array.isArray(list)) this.wrongType('an array', list);
      for (let i = 0; i < list.length; i++) this.at(i, () => read(list[i]));
    });
  }

  /** Calls `read` with a message if there is one. */
  child(object: JsonObject, key: string, read: (child: JsonObject) => void): void {
    const value = object[key] ?? undefined;
    if (value !== undefined) this.at(key, () => read(this.asObject(value)));
  }

  string(object: JsonObject, key: string): string {
    const value = object[key] ?? '';
    return typeof value === 'string' ? wellFormed(value) : this.wrongTypeAt(key, 'a string', value);
  }

  boolean(object: JsonObject, key: string): boolean {
    const value = object[key] ?? false;
    return typeof value === 'boolean' ? value : this.wrongTypeAt(key, 'true or false', value);
  }

  /** An ID of `size` bytes as hexadecimal digits of either case (OTLP, JSON Protobuf Encoding); empty when absent. */
  id(object: JsonObject, key: string, size: number): string {
    const value = object[key] ?? '';
    if (value === '') return '';
    if (typeof value === 'string' && value.length === size * 2 && /^[0-9a-f]+$/i.test(value))
      return value.toLowerCase();
    return this.wrongTypeAt(key, `${size * 2} hexadecimal digits`, value);
  }

  /** An unsigned 64-bit integer: a decimal string or a number. */
  uint64(object: JsonObject, key: string): bigint {
    const value = integerOf(object[key] ?? 0);
    if (value === undefined || value < 0n || value > UINT64_MAX) {
      return this.wrongTypeAt(key, 'an unsigned 64-bit integer', object[key]);
    }
    return value;
  }

  /** A signed 64-bit integer: a decimal string or a number. */
  int64(object: JsonObject, key: string): bigint {
    const value = integerOf(object[key] ?? 0);
    if (value === undefined || value < INT64_MIN || value > INT64_MAX) {
      return this.wrongTypeAt(key, 'a 64-bit integer', object[key]);
    }
    return value;
  }

  double(object: JsonObject, key: string): number {
    const value = object[key] ?? 0;
    return this.asDouble(key, value);
  }

  /** Each element of an array of numbers. */
  doubles(object: JsonObject, key: string, read: (value: number) => void): void {
    this.eachValue(object, key, (item) => read(this.asDouble('', item)));
  }

  /** Each element of an array of unsigned 64-bit integers, as numbers. */
  counts(object: JsonObject, key: string, read: (value: number) => void): void {
    this.eachValue(object, key, (item) => {
      const value = integerOf(item);
      if (value === undefined || value < 0n || value > UINT64_MAX) this.wrongType('an unsigned 64-bit integer', item);
      read(Number(value));
    });
  }

  /** An enum's number. OTLP/JSON allows numbers only; senders that write the name (`PREFIX_NAME`) are understood too. */
  enumNumber(object: JsonObject, key: string, prefix: string, names: readonly string[]): number {
    const value = object[key] ?? 0;
    if (typeof value === 'number' && Number.isInteger(value)) return value;
    const index = typeof value === 'string' ? names.findIndex((name) => value === prefix + name) : -1;
    return index >= 0 ? index : this.wrongTypeAt(key, `a number from 0 to ${names.length - 1}`, value);
  }

  /** Runs `read` one step deeper in the path. */
  at(key: string | number, read: () => void): void {
    this.path.push(key);
    if (this.path.length > this.maxDepth * 2) this.fail(`messages nested more than ${this.maxDepth} deep`);
    read();
    this.path.pop();
  }

  asObject(value: unknown): JsonObject {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
    return this.wrongType('an object', value);
  }

  wrongType(expected: string, value: unknown): never {
    return this.fail(`expected ${expected} instead of ${describe(value)}`);
  }

  private wrongTypeAt(key: string, expected: string, value: unknown): never {
    if (key !== '') this.path.push(key);
    return this.wrongType(expected, value);
  }

  private asDouble(key: string, value: unknown): number {
    if (typeof value === 'number') return value;
    const spelled = typeof value === 'string' && /^(NaN|-?Infinity|-?\d+(\.\d+)?([eE][+-]?\d+)?)$/.test(value);
    return spelled ? Number(value) : this.wrongTypeAt(key, 'a number', value);
  }

  private pathText(): string {
    return `$${this.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('')}`;
  }
}

function integerOf(value: unknown): bigint | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined;
  return typeof value === 'string' && /^-?\d{1,20}$/.test(value) ? BigInt(value) : undefined;
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : clip(JSON.stringify(value) ?? typeof value);
}

/** A lone surrogate, which no UTF-8 can hold, becomes U+FFFD. */
export function wellFormed(text: string): string {
  return text.toWellFormed();
}

function clip(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
