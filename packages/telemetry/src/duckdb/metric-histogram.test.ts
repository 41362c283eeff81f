import { describe, expect, it } from 'vitest';
import { fromExponential, histogramAmounts, mergeHistograms, quantileOf, scaleHistogram } from './metric-histogram.ts';
import { incrementsOf, type Amounts } from './metric-increments.ts';
import { type PointRow, type SeriesRow } from './metric-series.ts';

const SERIES: SeriesRow = {
  id: 1n,
  process: 1n,
  unit: 's',
  type: 'sum',
  temporality: 'cumulative',
  monotonic: true,
  service: 'crm',
  attributes: {},
  resource: {},
  bounds: [],
  firstNs: 10_000_000_000n,
  bornHere: false,
};

function pointAt(timeMs: number, fields: Partial<PointRow> = {}): PointRow {
  return {
    seriesId: 1n,
    timeMs,
    startMs: 1000,
    gapMs: 0,
    value: 0,
    count: 0,
    sum: 0,
    buckets: '',
    detail: '',
    ...fields,
  };
}

const NUMBERS: Amounts<number> = {
  of: ({ value }) => value,
  minus: (later, earlier) => (later < earlier ? undefined : later - earlier),
};

describe('quantiles', () => {
  const histogram = { bounds: [1, 2, 4], counts: [10, 10, 20, 10] };

  it.each([
    [0, 0],
    [0.1, 0.5],
    [0.2, 1],
    [0.5, 2.5],
    [0.8, 4],
    [0.9, 4], // above every bound: the highest bound, as histogram_quantile says
    [1, 4],
  ])('of %f is %f', (quantile, expected) => {
    expect(quantileOf(histogram, quantile)).toBeCloseTo(expected, 9);
  });

  it('are no number without observations', () => {
    expect(quantileOf({ bounds: [1], counts: [0, 0] }, 0.5)).toBeNaN();
    expect(quantileOf({ bounds: [], counts: [5] }, 0.5)).toBeNaN();
  });

  it('survive that counts were scaled', () => {
    expect(quantileOf(scaleHistogram({ bounds: [1, 2], counts: [3, 0, 0] }, 0.1), 1)).toBeCloseTo(1, 9);
  });

  it('start below zero where the lowest bound is', () => {
    expect(quantileOf({ bounds: [-5, 5], counts: [10, 10, 0] }, 0.25)).toBe(-5);
  });
});

describe('merging histograms', () => {
  it('adds equal buckets', () => {
    expect(mergeHistograms({ bounds: [1], counts: [1, 2] }, { bounds: [1], counts: [10, 20] })).toEqual({
      bounds: [1],
      counts: [11, 22],
    });
  });

  it('splits buckets that differ evenly, and loses no observation', () => {
    const merged = mergeHistograms({ bounds: [2, 4], counts: [4, 4, 1] }, { bounds: [1, 4], counts: [6, 6, 2] });
    expect(merged).toEqual({ bounds: [1, 2, 4], counts: [8, 4, 8, 3] });
  });
});

describe('exponential histograms', () => {
  it('become explicit buckets', () => {
    const detail = {
      scale: 0,
      zeroCount: 3,
      positive: { offset: 1, counts: [5, 6] },
      negative: { offset: 0, counts: [7] },
    };
    expect(fromExponential(detail)).toEqual({ bounds: [-2, -1, 2, 4, 8], counts: [0, 7, 3, 5, 6, 0] });
    expect(fromExponential({ scale: 1, positive: { offset: 0, counts: [1] } }).bounds[1]).toBeCloseTo(Math.SQRT2, 12);
    expect(fromExponential({})).toEqual({ bounds: [0], counts: [0, 0] });
  });

  it('grow over a change of scale', () => {
    const series: SeriesRow = { ...SERIES, type: 'exponential_histogram' };
    const fine = pointAt(20_000, { detail: JSON.stringify({ scale: 1, positive: { offset: 0, counts: [4, 4] } }) });
    const coarse = pointAt(30_000, { detail: JSON.stringify({ scale: 0, positive: { offset: 0, counts: [8, 6] } }) });
    const [grown] = incrementsOf([fine, coarse], { ...series, firstNs: 0n }, histogramAmounts(series));
    expect(grown?.amount.bounds).toEqual([1, 2, 4]);
    expect(grown?.amount.counts.map((count) => Math.round(count * 1e6) / 1e6)).toEqual([0, 0, 6, 0]);
  });
});

describe('increments of a counter', () => {
  const amounts = (points: PointRow[], series = SERIES) =>
    incrementsOf(points, series, NUMBERS).map(({ amount }) => amount);

  it('count a first point from the start that it names, when that is near', () => {
    expect(incrementsOf([pointAt(10_000, { value: 5 })], SERIES, NUMBERS)).toMatchObject([
      { fromMs: 1000, toMs: 10_000, amount: 5 },
    ]);
  });

  it('leave out a first point of a process that ran long before it was seen', () => {
    const series = { ...SERIES, firstNs: 900_000_000_000n };
    expect(amounts([pointAt(900_000, { value: 1e6 }), pointAt(910_000, { value: 1e6 + 2 })], series)).toEqual([2]);
  });

  it('count a first point of a series that appeared while its process was watched', () => {
    const series = { ...SERIES, firstNs: 900_000_000_000n, bornHere: true };
    expect(amounts([pointAt(900_000, { value: 3 })], series)).toEqual([3]);
  });

  it('count such a point since the export before it, or since its own start', () => {
    const series = { ...SERIES, firstNs: 900_000_000_000n, bornHere: true };
    const next = pointAt(910_000, { value: 4, gapMs: 10_000 });
    const [first] = incrementsOf([pointAt(900_000, { value: 3 }), next], series, NUMBERS);
    expect(first).toMatchObject({ fromMs: 890_000, toMs: 900_000 });
    const [started] = incrementsOf([pointAt(900_000, { value: 3, startMs: 897_000 }), next], series, NUMBERS);
    expect(started).toMatchObject({ fromMs: 897_000, toMs: 900_000 });
  });

  it('leave out the first point of the window when there were earlier ones', () => {
    expect(amounts([pointAt(50_000, { value: 70 }), pointAt(60_000, { value: 75 })])).toEqual([5]);
  });

  it('count from zero after a reset, from the new start when there is one', () => {
    const points = [
      pointAt(10_000, { value: 5 }),
      pointAt(20_000, { value: 2 }),
      pointAt(40_000, { value: 9, startMs: 35_000 }),
    ];
    expect(incrementsOf(points, SERIES, NUMBERS).slice(1)).toMatchObject([
      { fromMs: 10_000, toMs: 20_000, amount: 2 },
      { fromMs: 35_000, toMs: 40_000, amount: 9 },
    ]);
  });

  it('are the points themselves of a delta series', () => {
    const points = [pointAt(10_000, { value: 5, startMs: 0 }), pointAt(20_000, { value: 2, startMs: 10_000 })];
    expect(incrementsOf(points, { ...SERIES, temporality: 'delta' }, NUMBERS)).toMatchObject([
      { fromMs: 10_000, toMs: 10_000, amount: 5 },
      { fromMs: 10_000, toMs: 20_000, amount: 2 },
    ]);
  });
});
