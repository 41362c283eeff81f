import type { DecodeBudget } from './limits.ts';
import { JsonText } from './json-text.ts';
import { AttributeText } from './wire-attributes.ts';
import type { WireReader } from './wire-reader.ts';
import { skipField } from './wire-skip.ts';
import type { FieldTypes } from './wire-types.ts';
import { WIRE_32_BIT, WIRE_64_BIT, WIRE_LENGTH, WIRE_VARINT } from './wire-types.ts';

const EVENT: FieldTypes = { 1: WIRE_64_BIT, 2: WIRE_LENGTH, 3: WIRE_LENGTH, 4: WIRE_VARINT };
const LINK: FieldTypes = {
  1: WIRE_LENGTH,
  2: WIRE_LENGTH,
  3: WIRE_LENGTH,
  4: WIRE_LENGTH,
  5: WIRE_VARINT,
  6: WIRE_32_BIT,
};

/** The events and links of one span at a time, as the JSON texts that `SpanRecord` keeps. */
export class SpanDetails {
  private readonly reader: WireReader;
  private readonly budget: DecodeBudget;
  private readonly attributes: AttributeText;
  private readonly name = new JsonText();
  private eventTexts: string[] = [];
  private linkTexts: string[] = [];

  constructor(reader: WireReader, budget: DecodeBudget) {
    this.reader = reader;
    this.budget = budget;
    this.attributes = new AttributeText(reader, budget);
  }

  reset(): void {
    if (this.eventTexts.length > 0) this.eventTexts = [];
    if (this.linkTexts.length > 0) this.linkTexts = [];
  }

  /** Reads an `events` field. */
  addEvent(): void {
    const { reader, attributes } = this;
    let time = 0n;
    let name = '""';
    attributes.reset();
    reader.enter('events');
    while (!reader.done) {
      const tag = reader.tag();
      if (tag === 0x09) time = reader.fixed64();
      else if (tag === 0x12) name = this.quoted();
      else if (tag === 0x1a) attributes.add();
      else skipField(reader, tag, EVENT);
    }
    reader.leave();
    this.push(this.eventTexts, `{"name":${name},"timeUnixNano":"${time}","attributes":${attributes.text()}}`);
  }

  /** Reads a `links` field. */
  addLink(): void {
    const { reader, attributes } = this;
    let traceId = '';
    let spanId = '';
    attributes.reset();
    reader.enter('links');
    while (!reader.done) {
      const tag = reader.tag();
      if (tag === 0x0a) traceId = reader.traceId();
      else if (tag === 0x12) spanId = reader.spanId();
      else if (tag === 0x22) attributes.add();
      else skipField(reader, tag, LINK);
    }
    reader.leave();
    this.push(this.linkTexts, `{"traceId":"${traceId}","spanId":"${spanId}","attributes":${attributes.text()}}`);
  }

  events(): string {
    return this.eventTexts.length === 0 ? '[]' : `[${this.eventTexts.join(',')}]`;
  }

  links(): string {
    return this.linkTexts.length === 0 ? '[]' : `[${this.linkTexts.join(',')}]`;
  }

  private quoted(): string {
    const end = this.reader.lengthEnd();
    this.name.clear();
    this.name.string(this.reader.bytes, this.reader.position, end);
    this.reader.position = end;
    return this.name.take();
  }

  private push(texts: string[], text: string): void {
    this.budget.takeText(text.length);
    texts.push(text);
  }
}
