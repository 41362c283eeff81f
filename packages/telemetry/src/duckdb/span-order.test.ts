import { expect, it } from 'vitest';
import { type Span } from '../query.ts';
import { inOrder } from './span-order.ts';

function spanOf(spanId: string, parentSpanId: string, start = '1', end = '2', traceId = 't'): Span {
  return { traceId, spanId, parentSpanId, startTimeUnixNano: start, endTimeUnixNano: end } as Span;
}

const order = (...spans: Span[]): string =>
  inOrder(spans)
    .map(({ spanId }) => spanId)
    .join(' ');

it('goes by start before all else', () => {
  expect(order(spanOf('a', '', '2'), spanOf('b', 'a', '1'), spanOf('c', 'b', '10'))).toBe('b a c');
});

it('puts parents before children of the same start, then what ends first', () => {
  const spans = [spanOf('d', 'c'), spanOf('c', 'a', '1', '9'), spanOf('b', 'a', '1', '3'), spanOf('a', 'elsewhere')];
  expect(order(...spans)).toBe('a b c d');
  expect(order(...spans.toReversed())).toBe('a b c d');
});

it('knows a parent by its trace too', () => {
  expect(order(spanOf('b', 'a', '1', '2', 'u'), spanOf('c', 'a', '1', '1'), spanOf('a', '', '1', '3'))).toBe('b a c');
});

it('ends for spans that are their own ancestors', () => {
  expect(order(spanOf('a', 'b'), spanOf('b', 'a'), spanOf('c', 'c')).split(' ').sort()).toEqual(['a', 'b', 'c']);
});
