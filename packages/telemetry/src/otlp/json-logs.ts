import type { LogRecord } from '../model.ts';
import type { DecodedRequest } from './decoded.ts';
import { emptyBatch, Rejections } from './decoded.ts';
import { JsonEnvelope } from './json-envelope.ts';
import type { JsonObject } from './json-reader.ts';
import type { DecodeLimits } from './limits.ts';
import type { Origin } from './origin.ts';
import {
  enumWithin,
  idOrNone,
  LOG_CORRELATION_KEY,
  logProblem,
  settleLogTimes,
  SPAN_CORRELATION_KEY,
} from './record-rules.ts';

const KEYS = {
  request: 'ExportLogsServiceRequest',
  resourceGroups: 'resourceLogs',
  scopeGroups: 'scopeLogs',
  records: 'logRecords',
};
const SEVERITIES = ['UNSPECIFIED', ...['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'].flatMap(fourLevels)];

/**
 * Decodes an `ExportLogsServiceRequest` in OTLP/JSON.
 * @throws {TelemetryError} code `INVALID_OTLP`, naming the JSON path
 */
export function decodeJsonLogs(body: Uint8Array, limits: DecodeLimits): DecodedRequest {
  const envelope = new JsonEnvelope(KEYS, limits);
  const batch = emptyBatch();
  const rejections = new Rejections();
  envelope.each(body, (item, origin) => {
    envelope.budget.takeRecord();
    const log = readLog(envelope, item, origin);
    const problem = logProblem(log);
    if (problem === undefined) batch.logs.push(log);
    else rejections.add(problem);
  });
  return { signal: 'logs', batch, rejected: rejections.count, message: rejections.message('logs') };
}

function readLog(envelope: JsonEnvelope, item: JsonObject, origin: Origin): LogRecord {
  const { reader, values } = envelope;
  const attributes = values.attributes(item, 'attributes', [LOG_CORRELATION_KEY, SPAN_CORRELATION_KEY]);
  const log = {
    timeUnixNano: reader.uint64(item, 'timeUnixNano'),
    observedTimeUnixNano: reader.uint64(item, 'observedTimeUnixNano'),
    severityNumber: enumWithin(reader.enumNumber(item, 'severityNumber', 'SEVERITY_NUMBER_', SEVERITIES), 24),
    severityText: reader.string(item, 'severityText'),
    body: readBody(envelope, item),
    traceId: idOrNone(reader.id(item, 'traceId', 16)),
    spanId: idOrNone(reader.id(item, 'spanId', 8)),
    serviceName: origin.serviceName,
    correlationId: attributes.value,
    scopeName: origin.scopeName,
    attributes: attributes.text,
    resource: origin.resource,
  };
  settleLogTimes(log);
  return log;
}

/** The body when it is a string, else its JSON; empty when there is none. */
function readBody({ values, budget }: JsonEnvelope, item: JsonObject): string {
  const json = values.anyValue(item, 'body');
  budget.takeText(json.length);
  if (json === 'null') return '';
  return json.startsWith('"') && isStringValue(item['body']) ? String(JSON.parse(json)) : json;
}

function isStringValue(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'stringValue' in body && typeof body.stringValue === 'string';
}

function fourLevels(name: string): string[] {
  return [name, `${name}2`, `${name}3`, `${name}4`];
}
