import type { ExemplarRecord } from '../model.ts';
import type { DecodeBudget } from './limits.ts';
import { LOG_CORRELATION_KEY, SPAN_CORRELATION_KEY } from './record-rules.ts';
import { AttributeText } from './wire-attributes.ts';
import type { WireReader } from './wire-reader.ts';
import { skipField } from './wire-skip.ts';
import type { FieldTypes } from './wire-types.ts';
import { WIRE_64_BIT, WIRE_LENGTH } from './wire-types.ts';

const EXEMPLAR: FieldTypes = {
  2: WIRE_64_BIT,
  3: WIRE_64_BIT,
  4: WIRE_LENGTH,
  5: WIRE_LENGTH,
  6: WIRE_64_BIT,
  7: WIRE_LENGTH,
};

/** Reads exemplars of data points. Of their attributes only the correlation ID is kept. */
export class ExemplarReader {
  private readonly reader: WireReader;
  private readonly budget: DecodeBudget;
  private readonly attributes: AttributeText;

  constructor(reader: WireReader, budget: DecodeBudget) {
    this.reader = reader;
    this.budget = budget;
    this.attributes = new AttributeText(reader, budget, [SPAN_CORRELATION_KEY, LOG_CORRELATION_KEY]);
  }

  /** Reads an `exemplars` field. */
  read(): ExemplarRecord {
    const { reader } = this;
    this.budget.takeExemplar();
    const exemplar = { timeUnixNano: 0n, value: 0, traceId: '', spanId: '', correlationId: '' };
    this.attributes.reset();
    reader.enter('exemplars');
    while (!reader.done) this.field(exemplar, reader.tag());
    reader.leave();
    exemplar.correlationId = this.attributes.value();
    return exemplar;
  }

  private field(exemplar: ExemplarRecord, tag: number): void {
    const { reader } = this;
    if (tag === 0x11) exemplar.timeUnixNano = reader.fixed64();
    else if (tag === 0x19) exemplar.value = reader.double();
    else if (tag === 0x31) exemplar.value = Number(reader.sfixed64());
    else if (tag === 0x22) exemplar.spanId = reader.spanId();
    else if (tag === 0x2a) exemplar.traceId = reader.traceId();
    else if (tag === 0x3a) this.attributes.add();
    else skipField(reader, tag, EXEMPLAR);
  }
}
