/**
 * Any value as plain JSON data. A record is made plain once, at the call: later changes of the caller's objects don't
 * reach it, and no getter, proxy, cycle or huge value of theirs meets a serialiser.
 */
import { types } from 'node:util';

export type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain };

/** What one record may still hold; every text, element and level of nesting comes out of it. */
export interface Budget {
  nodes: number;
  chars: number;
  /** The objects that are being walked, outermost first. */
  readonly ancestors: object[];
}

const MAX_DEPTH = 8;
const MAX_ITEMS = 1_000;
const MAX_TEXT_CHARS = 32_768;
const MAX_KEY_CHARS = 256;
const MAX_RECORD_NODES = 5_000;
const MAX_RECORD_CHARS = 262_144;
const MAX_BYTES_SHOWN = 64;
const REST_KEY = '…';

/** The budget of one record: 5,000 values and 262,144 characters, a single text of at most 32,768, 8 levels deep. */
export function createBudget(): Budget {
  return { nodes: MAX_RECORD_NODES, chars: MAX_RECORD_CHARS, ancestors: [] };
}

/**
 * `value` as plain data. Never throws. Cut with a mark: long texts, long lists, deep nesting, bytes; `[Circular]` for a
 * cycle and `[Throws: …]` for a getter that throws. `undefined` for what JSON leaves out.
 */
export function toPlain(value: unknown, budget: Budget): Plain | undefined {
  switch (typeof value) {
    case 'string':
      return cutText(value, budget);
    case 'number':
      // As JSON.stringify: a text such as "NaN" would make an index with a numeric mapping refuse the whole record.
      return Number.isFinite(value) ? value : null;
    case 'boolean':
      return value;
    case 'bigint':
      return cutText(String(value), budget);
    case 'symbol':
      return cutText(String(value), budget);
    case 'function':
      return '[Function]';
    case 'undefined':
      return undefined;
    case 'object':
    default:
      return value === null ? null : objectToPlain(value as object, budget);
  }
}

/** Reads a property whose getter may throw. */
export function readProperty(object: object, key: string): unknown {
  try {
    return (object as Record<string, unknown>)[key];
  } catch (error) {
    return `[Throws: ${thrownText(error)}]`;
  }
}

/** `text`, or its beginning with a mark that says how much was cut. */
export function cutText(text: string, budget: Budget): string {
  const limit = Math.min(MAX_TEXT_CHARS, Math.max(budget.chars, 0));
  if (text.length <= limit) {
    budget.chars -= text.length;
    return text;
  }
  budget.chars -= limit;
  return `${text.slice(0, limit)}…[cut: ${text.length - limit} more characters]`;
}

function thrownText(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error).slice(0, 200);
  } catch {
    return 'unreadable';
  }
}

function objectToPlain(value: object, budget: Budget): Plain | undefined {
  if (budget.ancestors.includes(value)) return '[Circular]';
  if (budget.ancestors.length >= MAX_DEPTH) return '[Too deep]';
  if (budget.nodes <= 0) return '[Too large]';
  budget.nodes -= 1;
  budget.ancestors.push(value);
  try {
    return knownToPlain(value, budget);
  } catch (error) {
    return `[Throws: ${thrownText(error)}]`;
  } finally {
    budget.ancestors.pop();
  }
}

function knownToPlain(value: object, budget: Budget): Plain | undefined {
  if (Array.isArray(value)) return listToPlain(value, value.length, budget);
  if (value instanceof Error || types.isNativeError(value)) return errorToPlain(value, budget);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof Map) return mapToPlain(value, budget);
  if (value instanceof Set) return listToPlain(value, value.size, budget);
  if (ArrayBuffer.isView(value)) return bytesToPlain(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
  if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) return bytesToPlain(Buffer.from(value));
  if (value instanceof RegExp) return cutText(String(value), budget);
  if (value instanceof Promise) return '[Promise]';
  if (value instanceof WeakMap || value instanceof WeakSet || value instanceof WeakRef) return '[Weak]';
  if (types.isBoxedPrimitive(value)) return toPlain(value.valueOf(), budget);
  const toJson = (value as { toJSON?: unknown }).toJSON;
  if (typeof toJson === 'function') {
    const json: unknown = toJson.call(value, '');
    if (json !== value) return toPlain(json, budget);
  }
  return fieldsToPlain(value, Object.keys(value), budget);
}

function listToPlain(values: Iterable<unknown>, length: number, budget: Budget): Plain[] {
  const list: Plain[] = [];
  for (const value of values) {
    if (list.length >= MAX_ITEMS || budget.nodes <= 0) {
      list.push(`[cut: ${length - list.length} more items]`);
      break;
    }
    budget.nodes -= 1;
    list.push(toPlain(value, budget) ?? null);
  }
  return list;
}

function mapToPlain(map: ReadonlyMap<unknown, unknown>, budget: Budget): Plain {
  const result: Record<string, Plain> = {};
  let count = 0;
  for (const [key, value] of map) {
    if (count >= MAX_ITEMS || budget.nodes <= 0) {
      result[REST_KEY] = `[cut: ${map.size - count} more fields]`;
      break;
    }
    count += 1;
    const name = typeof key === 'string' ? key : JSON.stringify(toPlain(key, budget) ?? null);
    setField(result, name, toPlain(value, budget), budget);
  }
  return result;
}

function fieldsToPlain(object: object, keys: readonly string[], budget: Budget): Plain {
  const result: Record<string, Plain> = {};
  let count = 0;
  for (const key of keys) {
    if (count >= MAX_ITEMS || budget.nodes <= 0) {
      result[REST_KEY] = `[cut: ${keys.length - count} more fields]`;
      break;
    }
    count += 1;
    setField(result, key, toPlain(readProperty(object, key), budget), budget);
  }
  return result;
}

/** Sets an own field, also one with the name `__proto__`. */
export function setField(target: Record<string, Plain>, key: string, value: Plain | undefined, budget: Budget): void {
  if (value === undefined) return;
  budget.nodes -= 1;
  budget.chars -= key.length;
  const name = key.length > MAX_KEY_CHARS ? `${key.slice(0, MAX_KEY_CHARS)}…` : key;
  if (name === '__proto__') {
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
  } else {
    target[name] = value;
  }
}

function bytesToPlain(bytes: Buffer): string {
  const shown = bytes.subarray(0, MAX_BYTES_SHOWN).toString('base64');
  const rest = bytes.length > MAX_BYTES_SHOWN ? `…[cut: ${bytes.length - MAX_BYTES_SHOWN} more bytes]` : '';
  return `base64:${shown}${rest}`;
}

const ERROR_FIELDS = ['name', 'message', 'code', 'stack', 'cause', 'errors'] as const;

/** Name, message, code, stack, cause and the error's own fields, in this order. */
function errorToPlain(error: Error, budget: Budget): Plain {
  return fieldsToPlain(error, [...new Set([...ERROR_FIELDS, ...Object.keys(error)])], budget);
}
