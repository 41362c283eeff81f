import type { JsonText } from './json-text.ts';
import type { DecodeBudget } from './limits.ts';
import type { WireReader } from './wire-reader.ts';
import { skipField } from './wire-skip.ts';
import type { FieldTypes } from './wire-types.ts';
import { WIRE_64_BIT, WIRE_LENGTH, WIRE_VARINT } from './wire-types.ts';

const KEY_VALUE: FieldTypes = { 1: WIRE_LENGTH, 2: WIRE_LENGTH };
const LIST: FieldTypes = { 1: WIRE_LENGTH };
const ANY_VALUE: FieldTypes = {
  1: WIRE_LENGTH,
  2: WIRE_VARINT,
  3: WIRE_VARINT,
  4: WIRE_64_BIT,
  5: WIRE_LENGTH,
  6: WIRE_LENGTH,
  7: WIRE_LENGTH,
};
const [COMMA, COLON, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST] = [0x2c, 0x3a, 0x7b, 0x7d, 0x5b, 0x5d];

/** Writes `AnyValue`s and `KeyValue`s (opentelemetry-proto, common.proto) as JSON text, straight from the bytes. */
export class ValueWriter {
  /** Where the key of the `KeyValue` written last lies in the body. */
  keyStart = 0;
  keyEnd = 0;
  private valueAt = -1;
  private readonly reader: WireReader;
  private readonly out: JsonText;
  private readonly budget: DecodeBudget;

  constructor(reader: WireReader, out: JsonText, budget: DecodeBudget) {
    this.reader = reader;
    this.out = out;
    this.budget = budget;
  }

  /** Reads a `KeyValue` field and writes `"key":value`. Its two fields may come in either order, so they are found first. */
  keyValue(name: string): void {
    const { reader, out } = this;
    if (this.shortText()) return;
    reader.enter(name);
    this.findKeyAndValue();
    const { keyStart, keyEnd, valueAt } = this;
    out.string(reader.bytes, keyStart, keyEnd);
    out.byte(COLON);
    if (valueAt < 0) {
      out.raw('null');
    } else {
      reader.position = valueAt;
      this.anyValue();
    }
    reader.leave();
    this.keyStart = keyStart;
    this.keyEnd = keyEnd;
    this.valueAt = valueAt;
  }

  /** The value of the `KeyValue` written last when it is a string, else empty. */
  lastString(): string {
    return this.valueAt < 0 ? '' : (this.stringAt(this.valueAt) ?? '');
  }

  /** The text of an `AnyValue` field at a byte that was read before; undefined when it is no string. */
  stringAt(position: number): string | undefined {
    const { reader } = this;
    const resume = reader.position;
    let text: string | undefined;
    reader.position = position;
    reader.enter('value');
    while (!reader.done) {
      const tag = reader.tag();
      if (tag === 0x0a) {
        text = reader.string();
      } else {
        skipField(reader, tag, ANY_VALUE);
        if (ANY_VALUE[tag >>> 3] !== undefined) text = undefined;
      }
    }
    reader.leave();
    reader.position = resume;
    return text;
  }

  /** Reads an `AnyValue` field and writes its JSON; `null` when it holds nothing. Of several values the last counts (proto3, oneof). */
  anyValue(): void {
    const { reader, out } = this;
    reader.enter('value');
    const start = out.length;
    while (!reader.done) {
      const tag = reader.tag();
      if (ANY_VALUE[tag >>> 3] !== undefined) out.length = start;
      if (!this.scalar(tag) && !this.compound(tag)) skipField(reader, tag, ANY_VALUE);
    }
    if (out.length === start) out.raw('null');
    reader.leave();
  }

  /**
   * Nearly every attribute is a short key and then a short string, which is laid out as `length 0A length KEY 12 length
   * 0A length TEXT`. Seen at once, a whole span of such attributes takes a sixth less time (bench/receiver.ts). False,
   * with nothing read, for any other. Past the end of the body there is `undefined`, which equals nothing.
   */
  private shortText(): boolean {
    const { reader, out } = this;
    const { bytes, position } = reader;
    const keyStart = position + 3;
    const keyEnd = keyStart + (bytes[position + 2] as number);
    const end = position + 1 + (bytes[position] as number);
    const textStart = keyEnd + 4;
    const textLength = end - textStart;
    if (bytes[position + 1] !== 0x0a || bytes[keyEnd] !== 0x12 || bytes[keyEnd + 2] !== 0x0a) return false;
    if (bytes[keyEnd + 1] !== textLength + 2 || bytes[keyEnd + 3] !== textLength) return false;
    if (end - position > 0x80 || end > reader.end) return false;
    out.string(bytes, keyStart, keyEnd);
    out.byte(COLON);
    out.string(bytes, textStart, end);
    reader.position = end;
    this.keyStart = keyStart;
    this.keyEnd = keyEnd;
    this.valueAt = keyEnd + 1;
    return true;
  }

  private findKeyAndValue(): void {
    const { reader } = this;
    this.keyStart = this.keyEnd = 0;
    this.valueAt = -1;
    while (!reader.done) {
      const tag = reader.tag();
      if (tag === 0x0a) {
        this.keyEnd = reader.lengthEnd();
        this.keyStart = reader.position;
        reader.position = this.keyEnd;
      } else if (tag === 0x12) {
        this.valueAt = reader.position;
        reader.position = reader.lengthEnd();
      } else {
        skipField(reader, tag, KEY_VALUE);
      }
    }
  }

  private scalar(tag: number): boolean {
    const { reader, out } = this;
    switch (tag) {
      case 0x0a: {
        const end = reader.lengthEnd();
        out.string(reader.bytes, reader.position, end);
        reader.position = end;
        return true;
      }
      case 0x10:
        out.raw(reader.bool() ? 'true' : 'false');
        return true;
      case 0x18:
        this.integer(reader.int64());
        return true;
      case 0x21:
        this.double(reader.double());
        return true;
      case 0x3a: {
        const end = reader.lengthEnd();
        out.plainString(reader.bytes.toString('base64', reader.position, end));
        reader.position = end;
        return true;
      }
      default:
        return false;
    }
  }

  private compound(tag: number): boolean {
    if (tag === 0x2a) {
      this.list('arrayValue', OPEN_LIST, CLOSE_LIST, () => this.anyValue());
    } else if (tag === 0x32) {
      this.list('kvlistValue', OPEN, CLOSE, () => this.keyValue('values'));
    } else {
      return false;
    }
    return true;
  }

  private list(name: string, open: number, close: number, item: () => void): void {
    const { reader, out } = this;
    reader.enter(name);
    out.byte(open);
    let count = 0;
    while (!reader.done) {
      const tag = reader.tag();
      if (tag !== 0x0a) {
        skipField(reader, tag, LIST);
        continue;
      }
      if (count++ > 0) out.byte(COMMA);
      if (open === OPEN) this.budget.checkAttributes(count);
      item();
    }
    out.byte(close);
    reader.leave();
  }

  private integer(value: number | bigint): void {
    if (typeof value === 'number') this.out.raw(String(value));
    else this.out.plainString(String(value));
  }

  private double(value: number): void {
    if (Number.isFinite(value)) this.out.raw(String(value));
    else this.out.plainString(String(value));
  }
}
