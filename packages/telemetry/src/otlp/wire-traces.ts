import type { SpanRecord } from '../model.ts';
import type { DecodedRequest } from './decoded.ts';
import { emptyBatch, Rejections } from './decoded.ts';
import type { DecodeLimits } from './limits.ts';
import { enumWithin, SPAN_CORRELATION_KEY, spanProblem } from './record-rules.ts';
import { AttributeText } from './wire-attributes.ts';
import type { Origin } from './origin.ts';
import { WireEnvelope } from './wire-envelope.ts';
import type { WireReader } from './wire-reader.ts';
import { skipField } from './wire-skip.ts';
import type { FieldTypes } from './wire-types.ts';
import { WIRE_32_BIT, WIRE_64_BIT, WIRE_LENGTH, WIRE_VARINT } from './wire-types.ts';
import { SpanDetails } from './wire-span-details.ts';

const SPAN: FieldTypes = {
  1: WIRE_LENGTH,
  2: WIRE_LENGTH,
  3: WIRE_LENGTH,
  4: WIRE_LENGTH,
  5: WIRE_LENGTH,
  6: WIRE_VARINT,
  7: WIRE_64_BIT,
  8: WIRE_64_BIT,
  9: WIRE_LENGTH,
  10: WIRE_VARINT,
  11: WIRE_LENGTH,
  12: WIRE_VARINT,
  13: WIRE_LENGTH,
  14: WIRE_VARINT,
  15: WIRE_LENGTH,
  16: WIRE_32_BIT,
};
const STATUS: FieldTypes = { 2: WIRE_LENGTH, 3: WIRE_VARINT };
const NAMES = { request: 'ExportTraceServiceRequest', resourceGroup: 'ResourceSpans', scopeGroup: 'ScopeSpans' };

/**
 * Decodes an `ExportTraceServiceRequest` in protobuf (opentelemetry-proto, trace.proto).
 * @throws {TelemetryError} code `INVALID_OTLP`, naming the message and the byte
 */
export function decodeWireTraces(body: Uint8Array, limits: DecodeLimits): DecodedRequest {
  const decoder = new SpanDecoder(body, limits);
  return decoder.decode();
}

class SpanDecoder {
  private readonly envelope: WireEnvelope;
  private readonly reader: WireReader;
  private readonly attributes: AttributeText;
  private readonly details: SpanDetails;

  constructor(body: Uint8Array, limits: DecodeLimits) {
    this.envelope = new WireEnvelope(body, NAMES, limits);
    const { reader, budget } = this.envelope;
    this.reader = reader;
    this.attributes = new AttributeText(reader, budget, [SPAN_CORRELATION_KEY]);
    this.details = new SpanDetails(reader, budget);
  }

  decode(): DecodedRequest {
    const batch = emptyBatch();
    const rejections = new Rejections();
    this.envelope.each((origin) => {
      this.envelope.budget.takeRecord();
      const span = this.span(origin);
      const problem = spanProblem(span);
      if (problem === undefined) batch.spans.push(span);
      else rejections.add(problem);
    });
    return { signal: 'traces', batch, rejected: rejections.count, message: rejections.message('traces') };
  }

  private span(origin: Origin): SpanRecord {
    const { reader, attributes, details } = this;
    const span = newSpan(origin);
    attributes.reset();
    details.reset();
    reader.enter('Span');
    while (!reader.done) this.field(span, reader.tag());
    reader.leave();
    span.correlationId = attributes.value();
    span.attributes = attributes.text();
    span.events = details.events();
    span.links = details.links();
    return span;
  }

  private field(span: SpanRecord, tag: number): void {
    const { reader } = this;
    switch (tag) {
      case 0x0a:
        span.traceId = reader.traceId();
        return;
      case 0x12:
        span.spanId = reader.spanId();
        return;
      case 0x22:
        span.parentSpanId = reader.spanId();
        return;
      case 0x2a:
        span.name = reader.string();
        return;
      case 0x30:
        span.kind = enumWithin(reader.varint(), 5);
        return;
      case 0x39:
        span.startTimeUnixNano = reader.fixed64();
        return;
      case 0x41:
        span.endTimeUnixNano = reader.fixed64();
        return;
      case 0x4a:
        this.attributes.add();
        return;
      case 0x5a:
        this.details.addEvent();
        return;
      case 0x6a:
        this.details.addLink();
        return;
      case 0x7a:
        this.status(span);
        return;
      default:
        skipField(reader, tag, SPAN);
    }
  }

  private status(span: SpanRecord): void {
    const { reader } = this;
    reader.enter('status');
    while (!reader.done) {
      const tag = reader.tag();
      if (tag === 0x12) span.statusMessage = reader.string();
      else if (tag === 0x18) span.statusCode = enumWithin(reader.varint(), 2);
      else skipField(reader, tag, STATUS);
    }
    reader.leave();
  }
}

function newSpan(origin: Origin): SpanRecord {
  return {
    traceId: '',
    spanId: '',
    parentSpanId: '',
    name: '',
    kind: 0,
    startTimeUnixNano: 0n,
    endTimeUnixNano: 0n,
    statusCode: 0,
    statusMessage: '',
    serviceName: origin.serviceName,
    correlationId: '',
    scopeName: origin.scopeName,
    attributes: '{}',
    resource: origin.resource,
    events: '[]',
    links: '[]',
  };
}
