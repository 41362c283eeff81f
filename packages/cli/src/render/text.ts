import { stripVTControlCharacters } from 'node:util';

/** Control characters (Cc), line and paragraph separators (Zl, Zp), and the marks that reverse the direction of text. */
const controls = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;
const visible: Record<string, string> = { '\n': '⏎', '\r': '', '\t': ' ' };

/**
 * Text out of telemetry for one line of a terminal: colour codes go, line ends become ⏎, and what else could move
 * the cursor, ring or reorder the line becomes �. An attacker writes log lines too.
 */
export function oneLine(text: string): string {
  return stripVTControlCharacters(text).replace(controls, (character) => visible[character] ?? '\u{fffd}');
}

/** `{a: 1}` as `a=1`; nested values as JSON. */
export function pairs(record: Readonly<Record<string, unknown>>): string {
  return Object.entries(record)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
}

/** `1 span`, `2 spans`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
