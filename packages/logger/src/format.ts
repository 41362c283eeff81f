import type { Context } from '@opentelemetry/api';
import type { Logform } from 'winston';
import { isError } from './errors.ts';
import { readProperty } from './plain.ts';
import { resolveIdentity, type LoggerOptions } from './options.ts';
import {
  activeContext,
  CONTEXT_KEY,
  createRecord,
  isLogRecord,
  LEVEL,
  MESSAGE,
  type Identity,
  type LogRecord,
} from './record.ts';

const SPLAT = Symbol.for('splat');
/** Fields of a winston `info` that the record has a place for, so that they are not kept as the caller's own. */
const ENVELOPE = new Set(['level', 'message', 'timestamp', 'service', 'version', 'environment', 'hostname', 'pid']);

/** What {@link crmbetFormat} takes: the fields of the same name, where a winston `info` (`defaultMeta`) has none. */
export type FormatOptions = Pick<LoggerOptions, 'service' | 'version' | 'environment'>;

/**
 * A winston format for applications that have a winston logger already: makes each `info` a record with all fields of
 * {@link createLogger} (time, service, IDs of the active context, errors with their causes) and serialises it last, as
 * one line of JSON. Use it alone or at the end of `winston.format.combine(…)`. Whatever was logged, it doesn't throw.
 */
export function crmbetFormat(options: FormatOptions = {}): Logform.Format {
  const identity = resolveIdentity(options, process.env);
  return { transform: (info) => serialise(toRecord(info, identity)) as unknown as Logform.TransformableInfo };
}

/** Adds the line of JSON that transports write. */
export function serialise(record: LogRecord): LogRecord {
  record[MESSAGE] ??= JSON.stringify(record);
  return record;
}

/** The record of a winston `info`, which may be an Error or hold one; a finished record comes back as it is. */
export function toRecord(info: object, identity: Identity): LogRecord {
  if (isLogRecord(info)) return info;
  const source = info as Record<string | symbol, unknown>;
  const level = source[LEVEL] ?? source['level'];
  const error = findError(info, source);
  return createRecord(
    {
      level: typeof level === 'string' ? level : 'info',
      message: source['message'],
      error: error ?? source['stack'],
      fields: [ownFields(source, error)],
      timeMs: Date.now(),
      context: contextOf(source),
    },
    identityOf(source, identity),
  );
}

function contextOf(source: Record<string | symbol, unknown>): Context {
  const captured = source[CONTEXT_KEY];
  return typeof captured === 'object' && captured !== null ? (captured as Context) : activeContext();
}

/** The Error that was logged: the info itself, or the argument after the message, which winston copies only in part. */
function findError(info: object, source: Record<string | symbol, unknown>): Error | undefined {
  if (isError(info)) return info;
  const splat = source[SPLAT];
  return Array.isArray(splat) ? splat.find((value): value is Error => isError(value)) : undefined;
}

function ownFields(source: Record<string | symbol, unknown>, error: Error | undefined): object {
  const fields: Record<string, unknown> = {};
  const hasError = error !== undefined || source['stack'] !== undefined;
  for (const key of Object.keys(source)) {
    if (ENVELOPE.has(key)) continue;
    // What winston copied out of the error is in `error` and `errorDetails`.
    if (hasError && key === 'stack') continue;
    if (error !== undefined && key in error && readProperty(error, key) === source[key]) continue;
    fields[key] = source[key];
  }
  return fields;
}

function identityOf(source: Record<string | symbol, unknown>, identity: Identity): Identity {
  const own = (key: 'service' | 'version' | 'environment'): string => {
    const value = source[key];
    return typeof value === 'string' && value !== '' ? value : identity[key];
  };
  return { ...identity, service: own('service'), version: own('version'), environment: own('environment') };
}
