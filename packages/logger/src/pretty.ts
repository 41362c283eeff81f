import { stripVTControlCharacters, styleText } from 'node:util';
import type { Plain } from './plain.ts';
import type { LogRecord } from './record.ts';

type Style = Parameters<typeof styleText>[0];

const LEVEL_STYLES: Readonly<Record<string, Style>> = {
  error: 'red',
  warn: 'yellow',
  info: 'green',
  http: 'cyan',
  verbose: 'blue',
  debug: 'magenta',
};
/** The same in every record of a process, and noise for a person who looks at one. */
const HIDDEN = new Set(['timestamp', 'level', 'message', 'service', 'version', 'environment', 'hostname', 'pid']);
const MULTILINE = new Set(['error', 'errorDetails']);
const TIME_OF_DAY = { start: 11, end: 23 };

/** A record for people: time (UTC), level, message, its fields as `key=value`, and under it the stack of its error. */
export function prettyLine(record: LogRecord, colors: boolean): string {
  const paint = (style: Style, text: string): string =>
    colors ? styleText(style, text, { validateStream: false }) : text;
  const time = record.timestamp.slice(TIME_OF_DAY.start, TIME_OF_DAY.end);
  const level = paint(LEVEL_STYLES[record.level] ?? 'white', record.level.toUpperCase().padEnd(5));
  const fields = Object.keys(record)
    .filter((key) => !HIDDEN.has(key) && !MULTILINE.has(key))
    .map((key) => `${paint('dim', `${key}=`)}${fieldText(record[key] ?? null)}`);
  const head = [paint('dim', time), level, printable(record.message), ...fields].join(' ');
  const stack = record['error'];
  if (typeof stack !== 'string') return head;
  return `${head}\n${paint('red', printable(stack).replaceAll(/^/gm, '  '))}`;
}

function fieldText(value: Plain): string {
  return typeof value === 'string' && /^[^\s"=]+$/.test(value) ? printable(value) : printable(JSON.stringify(value));
}

/** Without escape sequences: what a request sends must not steer the terminal of who reads the log. */
function printable(text: string): string {
  return stripVTControlCharacters(text);
}
