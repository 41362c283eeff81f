import { InvalidArgumentError } from 'commander';
import { nearest } from '../nearest.ts';

const unitsMs: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const unitsBytes: Record<string, number> = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

/** `250ms`, `1.5s`, `15m`, `2h`, `7d` in milliseconds. */
export function parseDurationMs(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text.trim()) ?? [];
  const factor = unitsMs[unit];
  if (number === undefined || factor === undefined) {
    throw new InvalidArgumentError('Use a number and a unit out of ms, s, m, h, d: 250ms, 1.5s, 15m, 2h, 7d.');
  }
  return Number(number) * factor;
}

/** A point in time in milliseconds since the epoch: how long ago (`15m`), or a date and time (ISO 8601). */
export function parseTimeMs(text: string): number {
  if (/^\d+(?:\.\d+)?[a-z]+$/.test(text)) return Math.round(Date.now() - parseDurationMs(text));
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) {
    throw new InvalidArgumentError('Use how long ago (30s, 15m, 2h, 7d) or a time (2026-01-31T14:05:00, 2026-01-31).');
  }
  return time;
}

/** `500MB`, `2GB` in bytes. */
export function parseBytes(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([KMGT]?B)$/i.exec(text.trim()) ?? [];
  const factor = unitsBytes[unit.toUpperCase()];
  if (number === undefined || factor === undefined) {
    throw new InvalidArgumentError('Use a number and a unit out of B, KB, MB, GB, TB: 500MB, 2GB.');
  }
  return Math.round(Number(number) * factor);
}

/** A parser that also refuses what is less than `least`. */
export function atLeast(least: string, parse: (text: string) => number): (text: string) => number {
  return (text) => {
    const value = parse(text);
    if (value < parse(least)) throw new InvalidArgumentError(`Use at least ${least}.`);
    return value;
  };
}

/** A parser of whole numbers from `least` to `most`. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Use a whole number from ${least} to ${most}.`);
  };
}

/** 0 (any free port) to 65535. */
export const parsePort = wholeNumber(0, 65_535);

/** A quantile, 0 to 1. */
export function parseQuantile(text: string): number {
  const value = /^[\d.]+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('Use a number from 0 to 1: 0.95.');
}

/** Collects `key=value` options, of which there can be several. */
export function collectPairs(text: string, previous: Record<string, string> = {}): Record<string, string> {
  const separator = text.indexOf('=');
  if (separator < 1) throw new InvalidArgumentError('Use key=value: http.route=/users/:id.');
  return { ...previous, [text.slice(0, separator)]: text.slice(separator + 1) };
}

/** Collects names separated by commas, over several options. */
export function collectNames(text: string, previous: string[] = []): string[] {
  return [...previous, ...text.split(',').map((name) => name.trim())].filter((name) => name !== '');
}

/** A parser of one of `allowed` words. */
export function oneOf<T extends string>(allowed: readonly T[]): (text: string) => T {
  return (text) => {
    const found = allowed.find((word) => word === text.toLowerCase());
    if (found !== undefined) return found;
    const [similar] = nearest(text, allowed);
    const hint = similar === undefined ? '' : ` Did you mean ${similar}?`;
    throw new InvalidArgumentError(`Use one of ${allowed.join(', ')}.${hint}`);
  };
}

/** The `http` address of a server, without a slash at its end. */
export function parseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new InvalidArgumentError('Use an address such as http://127.0.0.1:4319.');
  }
  return url.href.replace(/\/+$/, '');
}
