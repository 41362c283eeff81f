/** An attribute value as one line of text: strings as they are, all else as JSON. */
export function attributeText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
}

/** Fields that a log row shows elsewhere, that are the same on every row, or that are too long for one. */
const notPreviewed =
  /^(?:correlation_?id|correlation\.id|trace_?id|span_?id|trace_?flags|service|environment|version|hostname|host|pid|level|timestamp|message|stack|.*stacktrace)$/i;
const previewedFields = 8;
const previewedLength = 60;

/** The telling fields of a log line as `key=value`, for the room that its message leaves. */
export function fieldPreview(attributes: Readonly<Record<string, unknown>>): string {
  const told = Object.entries(attributes).filter(([key, value]) => !notPreviewed.test(key) && value !== '');
  return told
    .slice(0, previewedFields)
    .map(([key, value]) => `${key}=${attributeText(value).slice(0, previewedLength)}`)
    .join('  ');
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
