import type { LogRecord } from '../model.ts';
import type { DecodedRequest } from './decoded.ts';
import { emptyBatch, Rejections } from './decoded.ts';
import { JsonText } from './json-text.ts';
import type { DecodeLimits } from './limits.ts';
import { enumWithin, LOG_CORRELATION_KEY, logProblem, settleLogTimes, SPAN_CORRELATION_KEY } from './record-rules.ts';
import { AttributeText } from './wire-attributes.ts';
import type { Origin } from './origin.ts';
import { WireEnvelope } from './wire-envelope.ts';
import type { WireReader } from './wire-reader.ts';
import { skipField } from './wire-skip.ts';
import type { FieldTypes } from './wire-types.ts';
import { WIRE_32_BIT, WIRE_64_BIT, WIRE_LENGTH, WIRE_VARINT } from './wire-types.ts';
import { ValueWriter } from './wire-value.ts';

const LOG: FieldTypes = {
  1: WIRE_64_BIT,
  2: WIRE_VARINT,
  3: WIRE_LENGTH,
  5: WIRE_LENGTH,
  6: WIRE_LENGTH,
  7: WIRE_VARINT,
  8: WIRE_32_BIT,
  9: WIRE_LENGTH,
  10: WIRE_LENGTH,
  11: WIRE_64_BIT,
  12: WIRE_LENGTH,
};
const NAMES = { request: 'ExportLogsServiceRequest', resourceGroup: 'ResourceLogs', scopeGroup: 'ScopeLogs' };

/**
 * Decodes an `ExportLogsServiceRequest` in protobuf (opentelemetry-proto, logs.proto).
 * @throws {TelemetryError} code `INVALID_OTLP`, naming the message and the byte
 */
export function decodeWireLogs(body: Uint8Array, limits: DecodeLimits): DecodedRequest {
  const decoder = new LogDecoder(body, limits);
  return decoder.decode();
}

class LogDecoder {
  private readonly envelope: WireEnvelope;
  private readonly reader: WireReader;
  private readonly attributes: AttributeText;
  private readonly bodyText = new JsonText();
  private readonly bodyWriter: ValueWriter;

  constructor(body: Uint8Array, limits: DecodeLimits) {
    this.envelope = new WireEnvelope(body, NAMES, limits);
    const { reader, budget } = this.envelope;
    this.reader = reader;
    this.attributes = new AttributeText(reader, budget, [LOG_CORRELATION_KEY, SPAN_CORRELATION_KEY]);
    this.bodyWriter = new ValueWriter(reader, this.bodyText, budget);
  }

  decode(): DecodedRequest {
    const batch = emptyBatch();
    const rejections = new Rejections();
    this.envelope.each((origin) => {
      this.envelope.budget.takeRecord();
      const log = this.log(origin);
      const problem = logProblem(log);
      if (problem === undefined) batch.logs.push(log);
      else rejections.add(problem);
    });
    return { signal: 'logs', batch, rejected: rejections.count, message: rejections.message('logs') };
  }

  private log(origin: Origin): LogRecord {
    const { reader, attributes } = this;
    const log = newLog(origin);
    attributes.reset();
    reader.enter('LogRecord');
    while (!reader.done) this.field(log, reader.tag());
    reader.leave();
    log.correlationId = attributes.value();
    log.attributes = attributes.text();
    settleLogTimes(log);
    return log;
  }

  private field(log: LogRecord, tag: number): void {
    const { reader } = this;
    switch (tag) {
      case 0x09:
        log.timeUnixNano = reader.fixed64();
        return;
      case 0x10:
        log.severityNumber = enumWithin(reader.varint(), 24);
        return;
      case 0x1a:
        log.severityText = reader.string();
        return;
      case 0x2a:
        log.body = this.body();
        return;
      case 0x32:
        this.attributes.add();
        return;
      case 0x4a:
        log.traceId = reader.traceId();
        return;
      case 0x52:
        log.spanId = reader.spanId();
        return;
      case 0x59:
        log.observedTimeUnixNano = reader.fixed64();
        return;
      default:
        skipField(reader, tag, LOG);
    }
  }

  /** The body when it is a string, else its JSON; empty when there is none. */
  private body(): string {
    const { reader, bodyText } = this;
    const text = this.bodyWriter.stringAt(reader.position);
    if (text !== undefined) {
      reader.position = reader.lengthEnd();
      return text;
    }
    bodyText.clear();
    this.bodyWriter.anyValue();
    const json = bodyText.take();
    this.envelope.budget.takeText(json.length);
    return json === 'null' ? '' : json;
  }
}

function newLog(origin: Origin): LogRecord {
  return {
    timeUnixNano: 0n,
    observedTimeUnixNano: 0n,
    severityNumber: 0,
    severityText: '',
    body: '',
    traceId: '',
    spanId: '',
    serviceName: origin.serviceName,
    correlationId: '',
    scopeName: origin.scopeName,
    attributes: '{}',
    resource: origin.resource,
  };
}
