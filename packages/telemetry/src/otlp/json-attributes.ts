import type { JsonObject, JsonReader } from './json-reader.ts';
import type { DecodeBudget } from './limits.ts';
import { wellFormed } from './json-reader.ts';
import { sortedObject } from './wire-attributes.ts';

/** The attributes of one message: their JSON text, and the string values of the ones asked for. */
export interface JsonAttributes {
  text: string;
  /** The first wanted attribute that was a string other than empty; else empty. */
  value: string;
}

/** Turns `KeyValue` lists and `AnyValue`s of OTLP/JSON into the same JSON text that protobuf bodies become. */
export class JsonValues {
  private readonly reader: JsonReader;
  private readonly budget: DecodeBudget;

  constructor(reader: JsonReader, budget: DecodeBudget) {
    this.reader = reader;
    this.budget = budget;
  }

  /** The list of attributes at `key`, with the string values of the `wanted` ones. */
  attributes(object: JsonObject, key: string, wanted: readonly string[] = []): JsonAttributes {
    const found = wanted.map(() => '');
    const entries = this.entries(object, key, (name, value) => {
      const index = wanted.indexOf(name);
      const text = index < 0 ? undefined : value['stringValue'];
      if (typeof text === 'string') found[index] = wellFormed(text);
    });
    return { text: this.measured(`{${entries.join(',')}}`), value: found.find((text) => text !== '') ?? '' };
  }

  /** As `attributes`, in the order of their keys. */
  sortedAttributes(object: JsonObject, key: string): string {
    return this.measured(sortedObject(this.entries(object, key)));
  }

  /** The JSON text of the `AnyValue` at `key`; `null` when there is none. */
  anyValue(object: JsonObject, key: string): string {
    let text = 'null';
    this.reader.child(object, key, (value) => {
      text = this.valueText(value);
    });
    return text;
  }

  private entries(object: JsonObject, key: string, seen?: (name: string, value: JsonObject) => void): string[] {
    const entries: string[] = [];
    this.reader.each(object, key, (entry) => {
      const name = this.reader.string(entry, 'key');
      entries.push(`${JSON.stringify(name)}:${this.anyValue(entry, 'value')}`);
      this.budget.checkAttributes(entries.length);
      if (seen) this.reader.child(entry, 'value', (value) => seen(name, value));
    });
    return entries;
  }

  private valueText(value: JsonObject): string {
    const { reader } = this;
    if (has(value, 'stringValue')) return JSON.stringify(reader.string(value, 'stringValue'));
    if (has(value, 'boolValue')) return String(reader.boolean(value, 'boolValue'));
    if (has(value, 'intValue')) return integerText(reader.int64(value, 'intValue'));
    if (has(value, 'doubleValue')) return doubleText(reader.double(value, 'doubleValue'));
    if (has(value, 'bytesValue')) return this.bytesText(value);
    if (has(value, 'arrayValue')) return this.listText(value);
    return has(value, 'kvlistValue') ? this.mapText(value) : 'null';
  }

  private listText(value: JsonObject): string {
    const items: string[] = [];
    this.reader.child(value, 'arrayValue', (list) => {
      this.reader.each(list, 'values', (item) => items.push(this.valueText(item)));
    });
    return `[${items.join(',')}]`;
  }

  private mapText(value: JsonObject): string {
    let entries: string[] = [];
    this.reader.child(value, 'kvlistValue', (map) => {
      entries = this.entries(map, 'values');
    });
    return `{${entries.join(',')}}`;
  }

  /** Either base64 alphabet is taken (protobuf's JSON mapping); the standard one is kept. */
  private bytesText(value: JsonObject): string {
    const text = this.reader.string(value, 'bytesValue');
    if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(text)) {
      this.reader.at('bytesValue', () => this.reader.wrongType('base64', text));
    }
    return JSON.stringify(Buffer.from(text, 'base64').toString('base64'));
  }

  private measured(text: string): string {
    this.budget.takeText(text.length);
    return text;
  }
}

function has(object: JsonObject, key: string): boolean {
  return object[key] !== undefined && object[key] !== null;
}

function integerText(value: bigint): string {
  return Number.isSafeInteger(Number(value)) ? String(value) : `"${value}"`;
}

function doubleText(value: number): string {
  return Number.isFinite(value) ? String(value) : `"${value}"`;
}
