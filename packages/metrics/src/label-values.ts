import { LABEL_VALUE_MAX_LENGTH, UNKNOWN_LABEL_VALUE } from './catalogue-types.ts';

/** Any half of a surrogate pair: rare enough that whole pairs may take the slow way too. */
const SURROGATE = /[\ud800-\udfff]/;

/**
 * The label value that stands for `value`: well-formed text of 1 to {@link LABEL_VALUE_MAX_LENGTH} UTF-16 code units.
 * Numbers, booleans and bigints become their text; everything else that is no text, and empty text (which Prometheus
 * treats as an absent label), becomes `unknown`.
 */
export function toLabelValue(value: unknown): string {
  if (typeof value === 'string') return value === '' ? UNKNOWN_LABEL_VALUE : cut(value);
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return cut(String(value));
  return UNKNOWN_LABEL_VALUE;
}

function cut(value: string): string {
  const short = value.length > LABEL_VALUE_MAX_LENGTH ? value.slice(0, LABEL_VALUE_MAX_LENGTH) : value;
  return SURROGATE.test(short) ? ownCopy(short) : short;
}

/** A copy, well-formed (half of a surrogate pair becomes U+FFFD), that shares no memory with `value`: a slice of a large text keeps the whole text alive as long as it lives. */
export function ownCopy(value: string): string {
  return Buffer.from(value, 'utf8').toString('utf8');
}
