import { expect, it } from 'vitest';
import { rangeName, rangeOf } from './range.ts';

it.each([
  ['', '', {}, 'all'],
  ['range=15m', '', { startMs: 100_000 }, '15m'],
  ['range=forever', '1h', {}, 'all'],
  ['range=all', '1h', {}, 'all'],
  ['', '15m', { startMs: 100_000 }, '15m'],
  ['startMs=5&endMs=9&range=15m', '', { startMs: 5, endMs: 9 }, 'custom'],
  ['startMs=x', '', {}, 'custom'],
])('%s with %s', (search, fallback, range, name) => {
  const params = new URLSearchParams(search);
  expect(rangeOf(params, 1_000_000, fallback)).toStrictEqual(range);
  expect(rangeName(params, fallback)).toBe(name);
});
