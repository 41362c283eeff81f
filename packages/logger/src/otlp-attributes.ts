import type { Attributes } from '@opentelemetry/api';
import type { Plain } from './plain.ts';
import type { LogRecord } from './record.ts';

type PlainObject = { [key: string]: Plain };

/** Have a place of their own in an OTLP log record. */
const OWN_PLACE: ReadonlySet<string> = new Set(['timestamp', 'level', 'message', 'trace_id', 'span_id']);
/** As the SDK's default `attributeCountLimit`; one is kept for {@link CUT_ATTRIBUTE}. */
const MAX_ATTRIBUTES = 128;
const CUT_ATTRIBUTE = 'crmbet.attributes_cut';
const EXCEPTION_DETAILS: Readonly<Record<string, string>> = { name: 'exception.type', message: 'exception.message' };

/**
 * A record's fields as attributes: nested objects become dotted names (`details.amount`), so that a viewer can filter by
 * them; lists of scalars stay lists, other lists become JSON text. Of an Error, stack, name and message are
 * `exception.stacktrace`, `exception.type` and `exception.message` (semantic conventions). At most 128 attributes;
 * `crmbet.attributes_cut` says how many more there were.
 */
export function otlpAttributes(record: LogRecord): Attributes {
  const attributes: Attributes = {};
  let left = MAX_ATTRIBUTES - 1;
  let cut = 0;
  const add = (name: string, value: Plain): void => {
    if (isNested(value)) {
      for (const [key, item] of Object.entries(value)) add(`${name}.${key}`, item);
    } else if (left > 0) {
      left -= 1;
      attributes[name] = Array.isArray(value) && value.some(isObject) ? JSON.stringify(value) : value;
    } else {
      cut += 1;
    }
  };
  const details = thrownError(record);
  if (details !== undefined) addException(details, record, add);
  for (const [key, value] of Object.entries(record)) {
    if (OWN_PLACE.has(key)) continue;
    if (details === undefined || (key !== 'error' && key !== 'errorDetails')) add(key, value);
  }
  if (cut > 0) attributes[CUT_ATTRIBUTE] = cut;
  return attributes;
}

/** `errorDetails` where the record tells of an Error, which has a name (something else that was thrown has none). */
function thrownError(record: LogRecord): PlainObject | undefined {
  const details = record['errorDetails'];
  return details !== undefined && isNested(details) && typeof details['name'] === 'string' ? details : undefined;
}

function addException(details: PlainObject, record: LogRecord, add: (name: string, value: Plain) => void): void {
  add('exception.stacktrace', record['error'] ?? '');
  for (const [key, value] of Object.entries(details)) add(EXCEPTION_DETAILS[key] ?? `errorDetails.${key}`, value);
}

function isObject(value: Plain): value is Plain[] | PlainObject {
  return typeof value === 'object' && value !== null;
}

function isNested(value: Plain): value is PlainObject {
  return isObject(value) && !Array.isArray(value) && Object.keys(value).length > 0;
}
