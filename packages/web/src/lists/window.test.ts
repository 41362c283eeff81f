import { describe, expect, it } from 'vitest';
import { indexAt, scrollFor, topOf, totalHeight, visibleRange, type RowLayout } from './window.ts';

const plain: RowLayout = { count: 10_000, rowHeight: 20, details: [] };
const opened: RowLayout = {
  count: 100,
  rowHeight: 20,
  details: [
    { index: 2, height: 50 },
    { index: 5, height: 100 },
  ],
};

describe('window of rows', () => {
  it('adds the heights of the details above', () => {
    expect(topOf(opened, 2)).toBe(40);
    expect(topOf(opened, 3)).toBe(110);
    expect(topOf(opened, 6)).toBe(270);
    expect(totalHeight(opened)).toBe(2150);
  });

  it('finds the row at every pixel, as topOf says', () => {
    for (let index = 0; index < opened.count; index += 1) {
      const top = topOf(opened, index);
      const bottom = index + 1 < opened.count ? topOf(opened, index + 1) : totalHeight(opened);
      expect(indexAt(opened, top)).toBe(index);
      expect(indexAt(opened, bottom - 1)).toBe(index);
    }
    expect(indexAt(opened, 1e9)).toBe(99);
    expect(indexAt(opened, -5)).toBe(0);
  });

  it('draws a few dozen rows of ten thousand', () => {
    expect(visibleRange(plain, 100_000, 600, 5)).toStrictEqual([4995, 5036]);
    expect(visibleRange(plain, 0, 600, 5)).toStrictEqual([0, 36]);
    expect(visibleRange({ ...plain, count: 0 }, 0, 600, 5)).toStrictEqual([0, 0]);
  });

  it('scrolls only when the row is out of view', () => {
    expect(scrollFor(plain, 10, 100, 600)).toBe(100);
    expect(scrollFor(plain, 2, 100, 600)).toBe(40);
    expect(scrollFor(plain, 100, 100, 600)).toBe(1420);
  });
});
