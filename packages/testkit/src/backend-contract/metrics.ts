import { expect, it } from 'vitest';
import { BASE_MS } from './data.ts';
import { type ContractBackend, type ContractMetricQuery } from './types.ts';

/** The 40 s in which the data set has points, in steps of 10 s: a point at a step's end belongs to that step's increase. */
const RANGE = { startMs: BASE_MS, endMs: BASE_MS + 40_001, stepSeconds: 10 };

export function metricContract(backend: () => ContractBackend): void {
  /** Values by step number, one list a series. */
  const values = async (query: ContractMetricQuery): Promise<Record<number, number>[]> => {
    const { series } = await backend().queryMetric({ ...RANGE, ...query });
    return series.map(({ points }) =>
      Object.fromEntries(points.map(([time, value]) => [(time - BASE_MS) / 10_000, Math.round(value * 1e6) / 1e6])),
    );
  };

  it('describes every metric', async () => {
    expect(await backend().listMetrics()).toMatchObject([
      {
        name: 'http_request_duration_seconds',
        type: 'histogram',
        unit: 's',
        labels: ['method', 'route', 'status_code'],
        seriesCount: 1,
      },
      {
        name: 'http_requests_total',
        type: 'sum',
        monotonic: true,
        services: ['web'],
        seriesCount: 2,
        description: 'http_requests_total of the contract',
      },
      { name: 'jobs_done', labels: [] },
      { name: 'jobs_open', monotonic: false },
      { name: 'queue_depth', type: 'gauge', unit: '{message}', services: ['worker'], seriesCount: 2 },
    ]);
    expect((await backend().listMetrics({ startMs: BASE_MS + 30_000 })).map(({ name }) => name)).toEqual([
      'http_requests_total',
    ]);
  });

  it('gives increases over resets: by a new start time, and by a fall', async () => {
    const increase = { name: 'http_requests_total', aggregation: 'increase' };
    const { series } = await backend().queryMetric({ ...RANGE, ...increase });
    expect(series.map(({ labels }) => labels)).toEqual([
      { service: 'web', method: 'GET', route: '/users/:id', status_code: '200' },
      { service: 'web', method: 'POST', route: '/orders', status_code: '502' },
    ]);
    expect(await values(increase)).toEqual([
      { 0: 100, 1: 100, 2: 40, 3: 20 },
      { 0: 10, 1: 20, 2: 5, 3: 20 },
    ]);
  });

  it('gives rates per second by default', async () => {
    expect(await values({ name: 'http_requests_total' })).toEqual([
      { 0: 10, 1: 10, 2: 4, 3: 2 },
      { 0: 1, 1: 2, 2: 0.5, 3: 2 },
    ]);
  });

  it('adds series up by the labels to keep', async () => {
    const increase = { name: 'http_requests_total', aggregation: 'increase' };
    expect(await values({ ...increase, groupBy: [] })).toEqual([{ 0: 110, 1: 120, 2: 45, 3: 40 }]);
    const byRoute = await backend().queryMetric({ ...RANGE, ...increase, groupBy: ['route', 'service'] });
    expect(byRoute.series.map(({ labels }) => labels)).toEqual([
      { route: '/orders', service: 'web' },
      { route: '/users/:id', service: 'web' },
    ]);
  });

  it('filters by label and service', async () => {
    const increase = { name: 'http_requests_total', aggregation: 'increase' };
    expect(await values({ ...increase, labels: { route: '/orders' } })).toEqual([{ 0: 10, 1: 20, 2: 5, 3: 20 }]);
    expect(await values({ ...increase, labels: { route: '/order' } })).toEqual([]);
    expect(await values({ ...increase, service: 'worker' })).toEqual([]);
  });

  it('spreads an increase over the steps that its time covers', async () => {
    const { series } = await backend().queryMetric({
      ...RANGE,
      name: 'http_requests_total',
      labels: { route: '/orders' },
      stepSeconds: 5,
    });
    expect(series[0]?.points.map(([, value]) => value)).toEqual([1, 1, 2, 2, 0.5, 0.5, 2, 2]);
  });

  it('begins where counting began when no time is asked for', async () => {
    const { series } = await backend().queryMetric({ name: 'jobs_done', aggregation: 'increase', stepSeconds: 10 });
    expect(series[0]?.points).toEqual([
      [BASE_MS, 4],
      [BASE_MS + 10_000, 6],
    ]);
  });

  it('extrapolates a rate where the points cover only a part of the last step', async () => {
    const { series } = await backend().queryMetric({
      ...RANGE,
      name: 'http_requests_total',
      labels: { route: '/orders' },
      stepSeconds: 16,
    });
    expect(series[0]?.points.map(([, value]) => value)).toEqual([1.375, 1.0625, 2]);
  });

  it('fills the last step with what the next point after it tells', async () => {
    const orders = { name: 'http_requests_total', labels: { route: '/orders' }, aggregation: 'increase' };
    expect(await values({ ...orders, endMs: BASE_MS + 30_000, stepSeconds: 15 })).toEqual([{ 0: 20, 1.5: 15 }]);
    expect(await values({ ...orders, endMs: BASE_MS + 34_000 })).toEqual([{ 0: 10, 1: 20, 2: 5, 3: 20 }]);
  });

  it.each<[string, Record<number, number>[]]>([
    ['sum', [{ 1: 8, 2: 8 }]],
    ['avg', [{ 1: 4, 2: 4 }]],
    ['max', [{ 1: 5, 2: 7 }]],
    ['min', [{ 1: 3, 2: 1 }]],
  ])('combines last values of a gauge by %s', async (aggregation, expected) => {
    expect(await values({ name: 'queue_depth', aggregation, groupBy: [] })).toEqual(expected);
  });

  it('tells equal labels of two processes apart', async () => {
    const { series } = await backend().queryMetric({ ...RANGE, name: 'queue_depth' });
    expect(series.map(({ labels }) => labels)).toEqual([
      { service: 'worker', instance: 'worker-1' },
      { service: 'worker', instance: 'worker-2' },
    ]);
  });

  it('reads delta sums, sums that can fall, and histograms', async () => {
    expect(await values({ name: 'jobs_done', aggregation: 'increase' })).toEqual([{ 0: 4, 1: 6 }]);
    expect(await values({ name: 'jobs_open' })).toEqual([{ 1: 2, 2: 1 }]);
    expect(await values({ name: 'http_request_duration_seconds', aggregation: 'increase' })).toEqual([
      { 0: 10, 1: 20 },
    ]);
    expect(await values({ name: 'http_request_duration_seconds', aggregation: 'last' })).toEqual([{ 0: 0.3, 1: 0.5 }]);
  });

  it('gives quantiles as histogram_quantile does', async () => {
    const median = { name: 'http_request_duration_seconds', aggregation: 'quantile', quantile: 0.5 };
    // Step 0: rank 5 of [4, 4, 2], 1 of 4 into (0.1, 0.5]. Step 1: rank 10 of [0, 10, 10], all of (0.1, 0.5].
    expect(await values(median)).toEqual([{ 0: 0.2, 1: 0.5 }]);
    expect(await values({ ...median, quantile: 0.9 })).toEqual([{ 0: 0.75, 1: 0.9 }]);
  });

  it('says what does not fit', async () => {
    const invalid = { code: 'INVALID_QUERY' };
    await expect(values({ name: 'queue_depth', aggregation: 'rate' })).rejects.toMatchObject(invalid);
    await expect(values({ name: 'jobs_open', aggregation: 'increase' })).rejects.toMatchObject(invalid);
    await expect(values({ name: 'http_requests_total', aggregation: 'quantile' })).rejects.toMatchObject(invalid);
    await expect(values({ name: 'queue_depth', quantile: 2 })).rejects.toMatchObject(invalid);
    await expect(values({ name: 'queue_depth', startMs: 0, stepSeconds: 1 })).rejects.toMatchObject(invalid);
    await expect(values({ name: "no'such" })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
}
