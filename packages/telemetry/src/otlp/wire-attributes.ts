import { JsonText } from './json-text.ts';
import type { DecodeBudget } from './limits.ts';
import type { WireReader } from './wire-reader.ts';
import { ValueWriter } from './wire-value.ts';

const [COMMA, OPEN, CLOSE] = [0x2c, 0x7b, 0x7d];

/**
 * The attributes of one resource, span, event, … at a time: a JSON object that grows by one `KeyValue` field at a time
 * (they may lie between other fields), and the string values of the few attributes that a record needs by themselves.
 */
export class AttributeText {
  private readonly out = new JsonText();
  private readonly reader: WireReader;
  private readonly budget: DecodeBudget;
  private readonly writer: ValueWriter;
  private readonly wanted: readonly Buffer[];
  private readonly found: string[];
  private count = 0;

  /** @param wanted keys whose string values `value` gives */
  constructor(reader: WireReader, budget: DecodeBudget, wanted: readonly string[] = []) {
    this.reader = reader;
    this.budget = budget;
    this.writer = new ValueWriter(reader, this.out, budget);
    this.wanted = wanted.map((key) => Buffer.from(key));
    this.found = wanted.map(() => '');
  }

  /** Forgets the attributes read so far. */
  reset(): void {
    this.out.clear();
    this.count = 0;
    this.found.fill('');
  }

  /** Reads a `KeyValue` field. */
  add(): void {
    this.budget.checkAttributes(++this.count);
    this.out.byte(this.count === 1 ? OPEN : COMMA);
    this.writer.keyValue('attributes');
    const index = this.wantedIndex();
    if (index >= 0) this.found[index] = this.writer.lastString();
  }

  /** The first wanted attribute that was a string other than empty, in the order of `wanted`; else empty. */
  value(): string {
    for (const text of this.found) if (text !== '') return text;
    return '';
  }

  /** The JSON object of all that was added since `reset`. */
  text(): string {
    if (this.count === 0) return '{}';
    this.out.byte(CLOSE);
    this.budget.takeText(this.out.length);
    return this.out.take();
  }

  private wantedIndex(): number {
    const { keyStart, keyEnd } = this.writer;
    for (let i = 0; i < this.wanted.length; i++) {
      const key = this.wanted[i];
      if (key?.length === keyEnd - keyStart && matches(key, this.reader.bytes, keyStart)) return i;
    }
    return -1;
  }
}

/** Faster than `Buffer.compare` for a few bytes that mostly differ at once. */
function matches(key: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < key.length; i++) if (key[i] !== bytes[start + i]) return false;
  return true;
}

/** As `AttributeText`, with the attributes in the order of their keys, so that equal sets have equal text. */
export class SortedAttributeText {
  private readonly out = new JsonText();
  private readonly budget: DecodeBudget;
  private readonly writer: ValueWriter;
  private entries: string[] = [];

  constructor(reader: WireReader, budget: DecodeBudget) {
    this.budget = budget;
    this.writer = new ValueWriter(reader, this.out, budget);
  }

  reset(): void {
    this.entries = [];
  }

  /** Reads a `KeyValue` field. */
  add(): void {
    this.writer.keyValue('attributes');
    this.entries.push(this.out.take());
    this.budget.checkAttributes(this.entries.length);
  }

  text(): string {
    const text = sortedObject(this.entries);
    this.budget.takeText(text.length);
    return text;
  }
}

/** A JSON object of `"key":value` texts. They are compared as they are, which orders them by key. */
export function sortedObject(entries: string[]): string {
  return `{${entries.sort().join(',')}}`;
}
