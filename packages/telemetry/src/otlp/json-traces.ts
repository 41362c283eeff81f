import type { SpanRecord } from '../model.ts';
import type { DecodedRequest } from './decoded.ts';
import { emptyBatch, Rejections } from './decoded.ts';
import { JsonEnvelope } from './json-envelope.ts';
import type { JsonObject } from './json-reader.ts';
import type { DecodeLimits } from './limits.ts';
import type { Origin } from './origin.ts';
import { enumWithin, idOrNone, SPAN_CORRELATION_KEY, spanProblem } from './record-rules.ts';

const KEYS = {
  request: 'ExportTraceServiceRequest',
  resourceGroups: 'resourceSpans',
  scopeGroups: 'scopeSpans',
  records: 'spans',
};
const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
const STATUS_CODES = ['UNSET', 'OK', 'ERROR'];

/**
 * Decodes an `ExportTraceServiceRequest` in OTLP/JSON.
 * @throws {TelemetryError} code `INVALID_OTLP`, naming the JSON path
 */
export function decodeJsonTraces(body: Uint8Array, limits: DecodeLimits): DecodedRequest {
  const envelope = new JsonEnvelope(KEYS, limits);
  const batch = emptyBatch();
  const rejections = new Rejections();
  envelope.each(body, (item, origin) => {
    envelope.budget.takeRecord();
    const span = readSpan(envelope, item, origin);
    const problem = spanProblem(span);
    if (problem === undefined) batch.spans.push(span);
    else rejections.add(problem);
  });
  return { signal: 'traces', batch, rejected: rejections.count, message: rejections.message('traces') };
}

function readSpan(envelope: JsonEnvelope, item: JsonObject, origin: Origin): SpanRecord {
  const { reader, values } = envelope;
  const attributes = values.attributes(item, 'attributes', [SPAN_CORRELATION_KEY]);
  return {
    traceId: idOrNone(reader.id(item, 'traceId', 16)),
    spanId: idOrNone(reader.id(item, 'spanId', 8)),
    parentSpanId: idOrNone(reader.id(item, 'parentSpanId', 8)),
    name: reader.string(item, 'name'),
    kind: enumWithin(reader.enumNumber(item, 'kind', 'SPAN_KIND_', KINDS), 5),
    startTimeUnixNano: reader.uint64(item, 'startTimeUnixNano'),
    endTimeUnixNano: reader.uint64(item, 'endTimeUnixNano'),
    ...readStatus(envelope, item),
    serviceName: origin.serviceName,
    correlationId: attributes.value,
    scopeName: origin.scopeName,
    attributes: attributes.text,
    resource: origin.resource,
    events: readList(envelope, item, 'events', readEvent),
    links: readList(envelope, item, 'links', readLink),
  };
}

function readStatus({ reader }: JsonEnvelope, item: JsonObject): Pick<SpanRecord, 'statusCode' | 'statusMessage'> {
  const status = { statusCode: 0, statusMessage: '' };
  reader.child(item, 'status', (child) => {
    status.statusCode = enumWithin(reader.enumNumber(child, 'code', 'STATUS_CODE_', STATUS_CODES), 2);
    status.statusMessage = reader.string(child, 'message');
  });
  return status;
}

type ReadItem = (envelope: JsonEnvelope, item: JsonObject) => string;

function readList(envelope: JsonEnvelope, item: JsonObject, key: string, read: ReadItem): string {
  const texts: string[] = [];
  envelope.reader.each(item, key, (entry) => {
    const text = read(envelope, entry);
    envelope.budget.takeText(text.length);
    texts.push(text);
  });
  return `[${texts.join(',')}]`;
}

function readEvent({ reader, values }: JsonEnvelope, event: JsonObject): string {
  const name = JSON.stringify(reader.string(event, 'name'));
  const time = reader.uint64(event, 'timeUnixNano');
  return `{"name":${name},"timeUnixNano":"${time}","attributes":${values.attributes(event, 'attributes').text}}`;
}

function readLink({ reader, values }: JsonEnvelope, link: JsonObject): string {
  const traceId = idOrNone(reader.id(link, 'traceId', 16));
  const spanId = idOrNone(reader.id(link, 'spanId', 8));
  return `{"traceId":"${traceId}","spanId":"${spanId}","attributes":${values.attributes(link, 'attributes').text}}`;
}
