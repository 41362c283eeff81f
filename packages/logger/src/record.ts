import { context, isSpanContextValid, trace, type Context } from '@opentelemetry/api';
import { getCorrelationId } from '@crmbet/correlation';
import { describeError, isError } from './errors.ts';
import { createBudget, cutText, readProperty, setField, toPlain, type Budget, type Plain } from './plain.ts';

/**
 * Under this key a winston `info` holds the OpenTelemetry context of the call that made it: the name that OpenTelemetry's
 * own winston instrumentation and transport agreed on, so that whoever captured it is believed.
 */
export const CONTEXT_KEY: unique symbol = Symbol.for('opentelemetry.js.contrib.winston.context') as never;
/** triple-beam's symbols, which winston's transports read. */
export const LEVEL: unique symbol = Symbol.for('level') as never;
export const MESSAGE: unique symbol = Symbol.for('message') as never;
/** Marks an `info` that is a finished record; holds the time of the call in milliseconds since the Unix epoch. */
const TIME_KEY: unique symbol = Symbol('crmbet.logger.time');

/** What does not change from record to record. */
export interface Identity {
  service: string;
  version: string;
  environment: string;
  hostname: string;
  pid: number;
}

/** A finished record: plain data in the order in which it is written, and what its routes need under symbols. */
export interface LogRecord {
  timestamp: string;
  level: string;
  message: string;
  [field: string]: Plain;
  [LEVEL]: string;
  [MESSAGE]?: string;
  [CONTEXT_KEY]: Context;
  [TIME_KEY]: number;
}

/** What a call of the logger gives. */
export interface RecordInput {
  level: string;
  message: unknown;
  /** What was thrown; `undefined` when the call has no error. */
  error?: unknown;
  /** The record's own fields, later ones over earlier ones. */
  fields: readonly object[];
  /** Milliseconds since the Unix epoch. */
  timeMs: number;
  context: Context;
}

const RESERVED = new Set(['timestamp', 'level', 'message', 'service', 'version', 'environment', 'hostname', 'pid']);
/** Takes the caller's fields whose names are the record's own. */
const COLLISIONS_FIELD = 'meta';

/** Whether `info` is a record of this package (and not what some winston logger was given). */
export function isLogRecord(info: object): info is LogRecord {
  return TIME_KEY in info;
}

/** Time of the call, milliseconds since the Unix epoch. */
export function recordTimeMs(record: LogRecord): number {
  return record[TIME_KEY];
}

/**
 * Makes the record of one call. Never throws; the result holds none of the caller's objects. The names of the envelope
 * (timestamp, level, message, service, version, environment, hostname, pid, correlationId, trace_id, span_id) and, where
 * the call has an error, `error` and `errorDetails` cannot be overwritten: a caller's field of such a name is kept under
 * `meta`. Only where the context has no ID is the caller's own taken.
 */
export function createRecord(input: RecordInput, identity: Identity): LogRecord {
  const budget = createBudget();
  const error = input.error ?? (isError(input.message) ? input.message : undefined);
  const record: LogRecord = {
    timestamp: new Date(input.timeMs).toISOString(),
    level: input.level,
    message: messageText(input.message, budget),
    service: identity.service,
    version: identity.version,
    environment: identity.environment,
    hostname: identity.hostname,
    pid: identity.pid,
    [LEVEL]: input.level,
    [CONTEXT_KEY]: input.context,
    [TIME_KEY]: input.timeMs,
  };
  addIds(record, input.context);
  if (error !== undefined) addError(record, error, budget);
  const draft: Draft = {
    record,
    budget,
    hasError: error !== undefined,
    hasCorrelationId: record['correlationId'] !== undefined,
    hasSpan: record['trace_id'] !== undefined,
    collisions: undefined,
  };
  for (const fields of input.fields) addFields(draft, fields);
  if (draft.collisions !== undefined) addCollisions(record, draft.collisions);
  return record;
}

/** A record in the making. */
interface Draft {
  readonly record: LogRecord;
  readonly budget: Budget;
  readonly hasError: boolean;
  readonly hasCorrelationId: boolean;
  readonly hasSpan: boolean;
  collisions: Record<string, Plain> | undefined;
}

/** The active context; one place, so that every route ties a record to the same one. */
export function activeContext(): Context {
  return context.active();
}

function addIds(record: LogRecord, ctx: Context): void {
  const correlationId = getCorrelationId(ctx);
  if (correlationId !== undefined) record['correlationId'] = correlationId;
  const span = trace.getSpanContext(ctx);
  if (span !== undefined && isSpanContextValid(span)) {
    record['trace_id'] = span.traceId;
    record['span_id'] = span.spanId;
  }
}

function addError(record: LogRecord, thrown: unknown, budget: Budget): void {
  const { error, errorDetails } = describeError(thrown, budget);
  record['error'] = error;
  if (errorDetails !== undefined) record['errorDetails'] = errorDetails;
}

function addFields(draft: Draft, fields: object): void {
  const { record, budget } = draft;
  for (const key of ownKeys(fields)) {
    const value = readProperty(fields, key);
    if (key === 'error' && !draft.hasError && value !== undefined && value !== null) {
      addError(record, value, budget);
    } else if (isTaken(draft, key)) {
      keepCollision(draft, key, value);
    } else {
      setField(record, key, toPlain(value, budget), budget);
    }
  }
}

function ownKeys(fields: object): string[] {
  try {
    return Object.keys(fields);
  } catch {
    return [];
  }
}

function isTaken(draft: Draft, key: string): boolean {
  if (RESERVED.has(key)) return true;
  if (key === 'correlationId') return draft.hasCorrelationId;
  if (key === 'trace_id' || key === 'span_id') return draft.hasSpan;
  return draft.hasError && (key === 'error' || key === 'errorDetails');
}

function keepCollision(draft: Draft, key: string, value: unknown): void {
  const plain = toPlain(value, draft.budget);
  // A caller who gives the very same ID or name says nothing new.
  if (plain === undefined || plain === draft.record[key]) return;
  draft.collisions ??= {};
  setField(draft.collisions, key, plain, draft.budget);
}

function addCollisions(record: LogRecord, collisions: Record<string, Plain>): void {
  const own = record[COLLISIONS_FIELD];
  if (own === undefined) record[COLLISIONS_FIELD] = collisions;
  else if (typeof own === 'object' && own !== null && !Array.isArray(own)) Object.assign(own, collisions);
  else record[COLLISIONS_FIELD] = { ...collisions, [COLLISIONS_FIELD]: own };
}

function messageText(message: unknown, budget: Budget): string {
  if (typeof message === 'string') return cutText(message, budget);
  if (isError(message)) return cutText(String(readProperty(message, 'message')), budget);
  const plain = toPlain(message, budget);
  return typeof plain === 'string' ? plain : (JSON.stringify(plain) ?? '');
}
