import { expect, it } from 'vitest';
import { movedIndex } from './list-keys.ts';

it.each([
  ['j', -1, 0],
  ['ArrowDown', 8, 9],
  ['j', 9, 9],
  ['k', -1, 0],
  ['ArrowUp', 5, 4],
  ['PageDown', 2, 6],
  ['PageUp', 2, 0],
  ['Home', 5, 0],
  ['End', 0, 9],
  ['x', 5, undefined],
])('%s from %d of ten rows goes to %d', (key, active, next) => {
  expect(movedIndex(key, active, 10, 4)).toBe(next);
});

it('moves nowhere in an empty list', () => {
  expect(movedIndex('j', -1, 0, 4)).toBeUndefined();
});
