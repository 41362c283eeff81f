import type { DecodeBudget } from './limits.ts';
import type { ExponentialBuckets, PointDraft } from './point-draft.ts';
import { newDraft } from './point-draft.ts';
import type { MetricPointRecord } from '../model.ts';
import { SortedAttributeText } from './wire-attributes.ts';
import { ExemplarReader } from './wire-exemplar.ts';
import type { WireReader } from './wire-reader.ts';
import { skipField } from './wire-skip.ts';
import type { FieldTypes } from './wire-types.ts';
import { WIRE_64_BIT, WIRE_LENGTH, WIRE_VARINT } from './wire-types.ts';

const TIMES: FieldTypes = { 2: WIRE_64_BIT, 3: WIRE_64_BIT };
const NUMBER: FieldTypes = {
  ...TIMES,
  4: WIRE_64_BIT,
  5: WIRE_LENGTH,
  6: WIRE_64_BIT,
  7: WIRE_LENGTH,
  8: WIRE_VARINT,
};
const HISTOGRAM: FieldTypes = {
  ...TIMES,
  4: WIRE_64_BIT,
  5: WIRE_64_BIT,
  6: WIRE_LENGTH,
  7: WIRE_LENGTH,
  8: WIRE_LENGTH,
  9: WIRE_LENGTH,
  10: WIRE_VARINT,
  11: WIRE_64_BIT,
  12: WIRE_64_BIT,
};
const EXPONENTIAL: FieldTypes = {
  ...TIMES,
  1: WIRE_LENGTH,
  4: WIRE_64_BIT,
  5: WIRE_64_BIT,
  6: WIRE_VARINT,
  7: WIRE_64_BIT,
  8: WIRE_LENGTH,
  9: WIRE_LENGTH,
  10: WIRE_VARINT,
  11: WIRE_LENGTH,
  12: WIRE_64_BIT,
  13: WIRE_64_BIT,
  14: WIRE_64_BIT,
};
const SUMMARY: FieldTypes = {
  ...TIMES,
  4: WIRE_64_BIT,
  5: WIRE_64_BIT,
  6: WIRE_LENGTH,
  7: WIRE_LENGTH,
  8: WIRE_VARINT,
};
const BUCKETS: FieldTypes = { 1: WIRE_VARINT, 2: WIRE_LENGTH };
const QUANTILE: FieldTypes = { 1: WIRE_64_BIT, 2: WIRE_64_BIT };

/** Reads data points of all kinds (opentelemetry-proto, metrics.proto) into drafts. */
export class PointReader {
  private readonly reader: WireReader;
  private readonly budget: DecodeBudget;
  private readonly attributes: SortedAttributeText;
  private readonly exemplars: ExemplarReader;

  constructor(reader: WireReader, budget: DecodeBudget) {
    this.reader = reader;
    this.budget = budget;
    this.attributes = new SortedAttributeText(reader, budget);
    this.exemplars = new ExemplarReader(reader, budget);
  }

  /** Reads a `data_points` field of a metric of that type. */
  read(type: MetricPointRecord['type']): PointDraft {
    const { reader } = this;
    const draft = newDraft();
    this.attributes.reset();
    reader.enter('data_points');
    while (!reader.done) this.field(type, draft, reader.tag());
    reader.leave();
    draft.attributes = this.attributes.text();
    return draft;
  }

  private field(type: MetricPointRecord['type'], draft: PointDraft, tag: number): void {
    if (tag === 0x11) {
      draft.startTimeUnixNano = this.reader.fixed64();
      return;
    }
    if (tag === 0x19) {
      draft.timeUnixNano = this.reader.fixed64();
      return;
    }
    switch (type) {
      case 'gauge':
      case 'sum':
        this.numberField(draft, tag);
        return;
      case 'histogram':
        this.histogramField(draft, tag);
        return;
      case 'exponential_histogram':
        this.exponentialField(draft, tag);
        return;
      case 'summary':
        this.summaryField(draft, tag);
    }
  }

  private numberField(draft: PointDraft, tag: number): void {
    const { reader } = this;
    if (tag === 0x21) draft.value = reader.double();
    else if (tag === 0x31) draft.value = Number(reader.sfixed64());
    else if (tag === 0x2a) draft.exemplars.push(this.exemplars.read());
    else if (tag === 0x3a) this.attributes.add();
    else if (tag === 0x40) draft.flags = reader.varint();
    else skipField(reader, tag, NUMBER);
  }

  private histogramField(draft: PointDraft, tag: number): void {
    const { reader } = this;
    if (tag === 0x21) draft.count = Number(reader.fixed64());
    else if (tag === 0x29) draft.sum = reader.double();
    else if (tag === 0x32 || tag === 0x31) this.repeated(tag, draft.bucketCounts, () => Number(reader.fixed64()));
    else if (tag === 0x3a || tag === 0x39) this.repeated(tag, draft.bounds, () => reader.double());
    else if (tag === 0x42) draft.exemplars.push(this.exemplars.read());
    else if (tag === 0x4a) this.attributes.add();
    else if (tag === 0x50) draft.flags = reader.varint();
    else skipField(reader, tag, HISTOGRAM);
  }

  private exponentialField(draft: PointDraft, tag: number): void {
    const { reader } = this;
    if (tag === 0x0a) this.attributes.add();
    else if (tag === 0x21) draft.count = Number(reader.fixed64());
    else if (tag === 0x29) draft.sum = reader.double();
    else if (tag === 0x30) draft.scale = reader.sint32();
    else if (tag === 0x39) draft.zeroCount = Number(reader.fixed64());
    else if (tag === 0x42) this.buckets('positive', draft.positive);
    else if (tag === 0x4a) this.buckets('negative', draft.negative);
    else if (tag === 0x50) draft.flags = reader.varint();
    else if (tag === 0x5a) draft.exemplars.push(this.exemplars.read());
    else skipField(reader, tag, EXPONENTIAL);
  }

  private summaryField(draft: PointDraft, tag: number): void {
    const { reader } = this;
    if (tag === 0x21) draft.count = Number(reader.fixed64());
    else if (tag === 0x29) draft.sum = reader.double();
    else if (tag === 0x32) this.quantile(draft);
    else if (tag === 0x3a) this.attributes.add();
    else if (tag === 0x40) draft.flags = reader.varint();
    else skipField(reader, tag, SUMMARY);
  }

  private buckets(name: string, buckets: ExponentialBuckets): void {
    const { reader } = this;
    reader.enter(name);
    while (!reader.done) {
      const tag = reader.tag();
      if (tag === 0x08) buckets.offset = reader.sint32();
      else if (tag === 0x12 || tag === 0x10) this.repeated(tag, buckets.counts, () => reader.varint());
      else skipField(reader, tag, BUCKETS);
    }
    reader.leave();
  }

  private quantile(draft: PointDraft): void {
    const { reader } = this;
    const entry = { quantile: 0, value: 0 };
    reader.enter('quantile_values');
    while (!reader.done) {
      const tag = reader.tag();
      if (tag === 0x09) entry.quantile = reader.double();
      else if (tag === 0x11) entry.value = reader.double();
      else skipField(reader, tag, QUANTILE);
    }
    reader.leave();
    draft.quantiles.push(entry);
    this.budget.checkBuckets(draft.quantiles.length);
  }

  /** A repeated number is packed into one length-delimited field, or has a field each: a reader must take both (protobuf encoding, Packed). */
  private repeated(tag: number, into: number[], read: () => number): void {
    const { reader } = this;
    if ((tag & 7) !== WIRE_LENGTH) {
      this.budget.checkBuckets(into.push(read()));
      return;
    }
    reader.enter('packed');
    while (!reader.done) this.budget.checkBuckets(into.push(read()));
    reader.leave();
  }
}
