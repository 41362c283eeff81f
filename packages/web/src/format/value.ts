/** An attribute value as one line of text: strings as they are, all else as JSON. */
export function attributeText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
}

/** An attribute value for reading: objects, arrays and JSON in strings are indented. */
export function attributeBlock(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value, undefined, 2) ?? String(value);
  if (!/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.stringify(JSON.parse(value), undefined, 2);
  } catch {
    // Text that only looks like JSON is shown as it came.
    return value;
  }
}

/** `key=value` from a filter field, split at the first equals sign; `undefined` when a side is missing. */
export function parsePair(text: string): [key: string, value: string] | undefined {
  const at = text.indexOf('=');
  const key = text.slice(0, at).trim();
  const value = text.slice(at + 1).trim();
  return at > 0 && key !== '' && value !== '' ? [key, value] : undefined;
}
