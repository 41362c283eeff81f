import { types } from 'node:util';
import { cutText, readProperty, setField, toPlain, type Budget, type Plain } from './plain.ts';

const MAX_CAUSES = 8;

/** What a record says of an error. */
export interface ErrorFields {
  /** Text for the field `error`: the stack, followed by the stacks of its causes. */
  error: string;
  /** `name`, `message`, `code`, `cause` (nested, with stack) and the error's own fields; absent when no Error was thrown. */
  errorDetails?: Plain;
}

/** Whether `value` is an Error, also one of another realm (`vm`, Jest). */
export function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}

/** The fields that describe `thrown`, which may be any value. Never throws. */
export function describeError(thrown: unknown, budget: Budget): ErrorFields {
  if (!isError(thrown)) return { error: thrownToText(thrown, budget) };
  const error = cutText(stackWithCauses(thrown), budget);
  const details: Record<string, Plain> = {};
  budget.ancestors.push(thrown);
  for (const key of new Set(['name', 'message', 'code', 'cause', 'errors', ...Object.keys(thrown)])) {
    // The stack is the field `error` already.
    if (key !== 'stack') setField(details, key, toPlain(readProperty(thrown, key), budget), budget);
  }
  budget.ancestors.pop();
  return { error, errorDetails: details };
}

/** The text of what was thrown where it is no Error. */
function thrownToText(thrown: unknown, budget: Budget): string {
  const plain = toPlain(thrown, budget);
  return typeof plain === 'string' ? plain : (JSON.stringify(plain) ?? 'undefined');
}

/** The stack of `error`, and `Caused by: …` for each cause down to the eighth. */
export function stackWithCauses(error: Error): string {
  const seen = new Set<unknown>();
  const parts: string[] = [];
  let current: unknown = error;
  while (isError(current) && !seen.has(current) && parts.length <= MAX_CAUSES) {
    seen.add(current);
    parts.push(stackOf(current));
    current = readProperty(current, 'cause');
  }
  return parts.join('\nCaused by: ');
}

function stackOf(error: Error): string {
  const stack = readProperty(error, 'stack');
  if (typeof stack === 'string' && stack !== '') return stack;
  return `${textOf(readProperty(error, 'name')) || 'Error'}: ${textOf(readProperty(error, 'message'))}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
