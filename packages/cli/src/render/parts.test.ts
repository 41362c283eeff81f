import type { Span } from '@crmbet/telemetry';
import picocolors from 'picocolors';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { formatNumber } from './number.ts';
import { spanTree } from './span-tree.ts';
import { sparkline } from './sparkline.ts';
import { renderTable } from './table.ts';
import { formatDuration, formatOffset } from './time.ts';

test.each([
  [0, '0 µs'],
  [0.0004, '0.4 µs'],
  [0.85, '850 µs'],
  [0.9999, '1 ms'],
  [12.345, '12.3 ms'],
  [999.6, '1 s'],
  [1234.5, '1.23 s'],
  [59_960, '1 min 0 s'],
  [125_000, '2 min 5 s'],
  [7_260_000, '2 h 1 min'],
  [-3, '-3 ms'],
])('%f ms is %s', (durationMs, text) => {
  expect(formatDuration(durationMs)).toBe(text);
});

test('an offset has a sign', () => {
  expect([formatOffset('1002500000', '1000000000'), formatOffset('999000000', '1000000000')]).toEqual([
    '+2.5 ms',
    '-1 ms',
  ]);
});

test.each([
  [0, '0'],
  [9999, '9999'],
  [12_345, '12.35k'],
  [5_000_000, '5M'],
  [0.123456, '0.1235'],
  [-25_000, '-25k'],
  [Number.NaN, 'NaN'],
])('%f is %s', (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test('a sparkline shows the course of many values in a few characters', () => {
  expect(sparkline([1, 2, 3, 4, 5, 6, 7, 8], 24)).toBe('▁▂▃▄▅▆▇█');
  expect(
    sparkline(
      Array.from({ length: 1000 }, (_, index) => index),
      8,
    ),
  ).toBe('▁▂▃▄▅▆▇█');
  expect(sparkline([3, 3, 3], 24)).toBe('▁▁▁');
  expect(sparkline([], 24)).toBe('');
});

describe('a table', () => {
  const colors = picocolors.createColors(false);
  const columns = [{ title: 'ID' }, { title: 'NAME', shrinkTo: 6 }, { title: 'EXTRA', dropOrder: 1 }];
  const rows = [['1234', 'a rather long name', 'more']];

  test.each([
    [40, 'ID    NAME                EXTRA\n1234  a rather long name  more'],
    [25, 'ID    NAME          EXTRA\n1234  a rather lo…  more'],
    [18, 'ID    NAME\n1234  a rather lo…'],
  ])('in %i columns', (width, expected) => {
    const text = renderTable(columns, rows, { width, colors });
    expect(text).toBe(expected);
    expect(Math.max(...text.split('\n').map((line) => stringWidth(line)))).toBeLessThanOrEqual(width);
  });
});

test('a table shrinks its last columns first, and each only as far as it must', () => {
  const columns = [
    { title: 'A', shrinkTo: 4 },
    { title: 'B', shrinkTo: 4 },
  ];
  const style = { width: 16, colors: picocolors.createColors(false) };
  expect(renderTable(columns, [['0123456789', '0123456789']], style)).toBe('A           B\n0123456789  012…');
  expect(renderTable(columns, [['0123456789', '0123456789']], { ...style, width: 12 })).toBe('A       B\n01234…  012…');
});

test('a table leaves out what no row has anything in', () => {
  const columns = [{ title: 'A' }, { title: 'B', dropOrder: 1 }];
  const style = { width: undefined, colors: picocolors.createColors(false) };
  expect(
    renderTable(
      columns,
      [
        ['1', ''],
        ['2', ''],
      ],
      style,
    ),
  ).toBe('A\n1\n2');
});

describe('the tree of spans', () => {
  const span = (spanId: string, parentSpanId: string) => ({ spanId, parentSpanId }) as Span;
  const shape = (...spans: Span[]) =>
    spanTree(spans).map(({ span, branch, orphan }) => `${branch}${span.spanId}${orphan ? '?' : ''}`);

  test('has every span once, below its parent', () => {
    expect(shape(span('a', ''), span('b', 'a'), span('c', 'b'), span('d', 'a'))).toEqual([
      'a',
      '├─ b',
      '│  └─ c',
      '└─ d',
    ]);
  });

  test('has what lacks its parent as roots', () => {
    expect(shape(span('a', 'lost'), span('b', 'a'))).toEqual(['a?', '└─ b']);
  });

  test('cuts cycles and survives repeated IDs', () => {
    expect(shape(span('a', 'b'), span('b', 'a'))).toHaveLength(2);
    expect(shape(span('a', 'a'))).toHaveLength(1);
    expect(shape(span('r', ''), span('a', 'r'), span('a', 'r'))).toHaveLength(3);
  });

  test('of 20,000 spans, each below the last, does not overflow the stack', () => {
    const deep = Array.from({ length: 20_000 }, (_, index) => span(`${index}`, index === 0 ? '' : `${index - 1}`));
    expect(spanTree(deep)).toHaveLength(20_000);
  });
});
