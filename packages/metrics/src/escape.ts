/** Escaped text of a label value: backslash, quote and line feed, in both formats. */
export function escapeLabelValue(value: string): string {
  return value.replace(/[\\"\n]/g, escapeCharacter);
}

/** Help text escapes no quotes in the text format, but does in OpenMetrics. */
export function escapeHelp(help: string, openMetrics: boolean): string {
  return help.replace(openMetrics ? /[\\"\n]/g : /[\\\n]/g, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return character === '\n' ? String.raw`\n` : `\\${character}`;
}

const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** A label name that Prometheus takes: any other character becomes `_` (OpenTelemetry, Prometheus compatibility). */
export function toLabelName(name: string): string {
  if (LABEL_NAME.test(name)) return name;
  const replaced = name.replace(/[^a-zA-Z0-9_]/g, '_');
  return /^[0-9]/.test(replaced) || replaced === '' ? `_${replaced}` : replaced;
}

/** A number as both formats write it. */
export function formatNumber(value: number): string {
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : String(value);
}

/** A bucket's bound: OpenMetrics wants whole numbers as `1.0` (Canonical Numbers). */
export function formatBound(bound: number, openMetrics: boolean): string {
  return openMetrics && Number.isInteger(bound) && Math.abs(bound) < 1e21 ? `${bound}.0` : formatNumber(bound);
}
