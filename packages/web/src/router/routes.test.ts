import { expect, it } from 'vitest';
import { correlateHref, pageHref, routeOf, traceHref } from './routes.ts';

it.each([
  ['/', { page: 'traces' }],
  ['/traces', { page: 'traces' }],
  ['/logs', { page: 'logs' }],
  ['/metrics', { page: 'metrics' }],
  ['/trace/abc', { page: 'trace', id: 'abc' }],
  ['/correlate/a%2Fb', { page: 'correlate', id: 'a/b' }],
  ['/correlate/50%', { page: 'correlate', id: '50%' }],
  ['/trace', { page: 'unknown' }],
  ['/trace/a/b', { page: 'unknown' }],
  ['/nowhere', { page: 'unknown' }],
])('%s', (path, route) => {
  expect(routeOf(path)).toStrictEqual(route);
});

it('makes addresses that it reads back', () => {
  expect(routeOf(correlateHref('order/42?x'))).toStrictEqual({ page: 'correlate', id: 'order/42?x' });
  expect(traceHref('abc', 'def')).toBe('/trace/abc?span=def');
  expect(pageHref('logs', { correlationId: 'a&b', service: '', field: ['k=v', 'x=y'] })).toBe(
    '/logs?correlationId=a%26b&field=k%3Dv&field=x%3Dy',
  );
  expect(pageHref('metrics', {})).toBe('/metrics');
});
