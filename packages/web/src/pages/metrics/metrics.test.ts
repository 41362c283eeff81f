import type { MetricDescriptor } from '@crmbet/telemetry';
import { describe, expect, it } from 'vitest';
import { aligned, linesOf, mostLines } from './lines.ts';
import { groupingOf, metricQueryOf, modeOf, toggledLabel } from './metric-query.ts';

const histogram: MetricDescriptor = {
  name: 'http_request_duration_seconds',
  description: '',
  unit: 's',
  type: 'histogram',
  monotonic: true,
  labels: ['method', 'route'],
  services: ['backend'],
  seriesCount: 40,
};
const gauge: MetricDescriptor = { ...histogram, name: 'g', type: 'gauge', monotonic: false, seriesCount: 2 };
const query = (search: string, metric = histogram): unknown =>
  metricQueryOf(new URLSearchParams(search), metric, 10_000_000);

describe('metricQueryOf', () => {
  it('draws many series as one line and few each, of the last hour, in the way that suits the type', () => {
    const startMs = 6_400_000;
    expect(query('')).toStrictEqual({
      name: histogram.name,
      groupBy: [],
      aggregation: 'quantile',
      quantile: 0.95,
      startMs,
    });
    expect(query('', gauge)).toStrictEqual({ name: 'g', aggregation: 'last', startMs });
  });

  it('takes what the URL says when it fits the metric', () => {
    expect(query('aggregation=rate&groupBy=route,method&label=method%3DGET&service=backend&range=all')).toStrictEqual({
      name: histogram.name,
      service: 'backend',
      labels: { method: 'GET' },
      groupBy: ['route', 'method'],
      aggregation: 'rate',
    });
    expect(modeOf(new URLSearchParams('aggregation=quantile&quantile=0.9'), histogram)).toMatchObject({
      quantile: 0.9,
    });
    expect(modeOf(new URLSearchParams('aggregation=quantile&quantile=7'), histogram)).toMatchObject({ quantile: 0.95 });
    expect(modeOf(new URLSearchParams('aggregation=quantile'), gauge)).toMatchObject({ aggregation: 'last' });
  });

  it('puts labels into the grouping and takes them out', () => {
    expect(groupingOf(new URLSearchParams(''), gauge)).toBe('*');
    expect(toggledLabel('*', 'route')).toBe('route');
    expect(toggledLabel('route', 'method')).toBe('route,method');
    expect(toggledLabel('route', 'route')).toBe('-');
  });
});

describe('lines', () => {
  it('names lines by what tells them apart, highest first', () => {
    const lines = linesOf(
      [
        {
          labels: { method: 'GET', route: '/a' },
          points: [
            [1000, 1],
            [2000, 3],
          ],
        },
        { labels: { method: 'GET', route: '/b' }, points: [[2000, 5]] },
        { labels: { method: 'GET', route: '/c' }, points: [] },
      ],
      'm',
    );
    expect(lines.map(({ name, last, average, highest }) => [name, last, average, highest])).toStrictEqual([
      ['route=/b', 5, 5, 5],
      ['route=/a', 3, 2, 3],
    ]);
    expect(aligned(lines)).toStrictEqual([
      [1, 2],
      [null, 5],
      [1, 3],
    ]);
  });

  it('names a single line without labels by the metric, and keeps to a readable number', () => {
    expect(linesOf([{ labels: {}, points: [[1, 1]] }], 'm')[0]?.name).toBe('m');
    const many = Array.from({ length: 100 }, (_, index) => ({
      labels: { n: String(index) },
      points: [[1, index]] as [number, number][],
    }));
    expect(linesOf(many, 'm')).toHaveLength(mostLines);
    expect(linesOf(many, 'm')[0]?.name).toBe('n=99');
  });
});
