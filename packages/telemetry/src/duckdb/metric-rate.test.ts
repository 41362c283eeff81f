import { describe, expect, it } from 'vitest';
import { type MetricAggregation } from '../query.ts';
import { aggregateSeries } from './metric-aggregate.ts';
import { type PointRow, type SeriesRow } from './metric-series.ts';

const EXPORT_MS = 5000;
const PER_SECOND = 20;

function seriesOf(id: bigint, fields: Partial<SeriesRow> = {}): SeriesRow {
  return {
    id,
    process: id,
    unit: '1',
    type: 'sum',
    temporality: 'cumulative',
    monotonic: true,
    service: 'crm',
    attributes: {},
    resource: { 'service.instance.id': String(id) },
    bounds: [],
    firstNs: 0n,
    bornHere: false,
    ...fields,
  };
}

function pointOf(seriesId: bigint, timeMs: number, fields: Partial<PointRow> = {}): PointRow {
  return { seriesId, timeMs, startMs: 0, gapMs: 0, value: 0, count: 0, sum: 0, buckets: '', detail: '', ...fields };
}

/** Steady traffic of one process: a point every `everyMs` from `firstMs` to `lastMs`, counted from the first. */
function steady(seriesId: bigint, firstMs: number, lastMs: number, everyMs = EXPORT_MS): PointRow[] {
  const points: PointRow[] = [];
  for (let timeMs = firstMs; timeMs <= lastMs; timeMs += everyMs) {
    const gapMs = timeMs === firstMs ? 0 : everyMs;
    points.push(pointOf(seriesId, timeMs, { gapMs, value: ((timeMs - firstMs) / 1000) * PER_SECOND }));
  }
  return points;
}

interface Asked {
  series?: readonly SeriesRow[];
  points: readonly PointRow[];
  stepMs?: number;
  startMs?: number;
  count?: number;
  nowMs?: number;
  aggregation?: MetricAggregation;
}

/** Values of the one line, by where their step begins, in seconds. */
function line({ series = [seriesOf(1n)], points, ...asked }: Asked): Record<number, number> {
  const { stepMs = 10_000, startMs = 100_000, count = 6, aggregation = 'rate' } = asked;
  const nowMs = asked.nowMs ?? Math.max(...points.map(({ timeMs }) => timeMs)) + 1000;
  const grid = { startMs, stepMs, count };
  const [found] = aggregateSeries({ series, points, grid, nowMs, aggregation, quantile: 0, groupBy: [] });
  return Object.fromEntries((found?.points ?? []).map(([ms, value]) => [ms / 1000, Math.round(value * 1e6) / 1e6]));
}

describe('a rate of steady traffic', () => {
  it('does not fall in the last step, of which the data cover only a part', () => {
    expect(line({ points: steady(1n, 90_000, 137_000 - 2000) })).toEqual({ 100: 20, 110: 20, 120: 20, 130: 20 });
    expect(line({ points: steady(1n, 92_000, 137_000) })).toEqual({ 100: 20, 110: 20, 120: 20, 130: 20 });
  });

  it('leaves out a last step of which the data cover less than half', () => {
    expect(line({ points: steady(1n, 92_000, 132_000) })).toEqual({ 100: 20, 110: 20, 120: 20 });
  });

  it('does not rise or fall in the first step', () => {
    expect(line({ points: steady(1n, 104_000, 130_000) })).toEqual({ 100: 20, 110: 20, 120: 20 });
    expect(line({ points: steady(1n, 107_000, 132_000) })).toEqual({ 110: 20, 120: 20 });
  });

  it('does not zigzag when a step is shorter than the time between two exports', () => {
    const rates = Object.values(line({ points: steady(1n, 93_000, 133_000, 10_000), stepMs: 3000, count: 30 }));
    expect(rates.length).toBeGreaterThan(9);
    expect(new Set(rates)).toEqual(new Set([20]));
  });

  it('waits for every process that still reports', () => {
    const series = [seriesOf(1n), seriesOf(2n)];
    const points = [...steady(1n, 90_000, 135_000), ...steady(2n, 98_000, 128_000, 15_000)];
    expect(line({ series, points })).toEqual({ 100: 40, 110: 40, 120: 40 });
  });

  it('does not wait when there is nothing else to say', () => {
    const series = [seriesOf(1n), seriesOf(2n)];
    const points = [...steady(1n, 100_000, 120_000), ...steady(2n, 40_000, 100_000, 60_000)];
    expect(line({ series, points })).toEqual({ 100: 20, 110: 20 });
  });

  it('does not wait for a process that ended, and goes on over a restart in the middle of a step', () => {
    const series = [seriesOf(1n), seriesOf(2n, { firstNs: 118_000_000_000n })];
    const restarted = steady(2n, 113_000, 158_000).slice(1);
    const points = [
      ...steady(1n, 93_000, 113_000),
      ...restarted.map((one) => Object.assign(one, { startMs: 113_000 })),
    ];
    expect(line({ series, points })).toEqual({ 100: 20, 110: 20, 120: 20, 130: 20, 140: 20, 150: 20 });
  });

  it('is known from a first report alone', () => {
    const series = [seriesOf(1n, { firstNs: 122_000_000_000n })];
    expect(line({ series, points: [pointOf(1n, 122_000, { startMs: 120_500, value: 30 })] })).toEqual({ 120: 20 });
  });

  it('of a series that appeared in a running process does not begin with a peak', () => {
    const old = seriesOf(1n);
    const series = [old, seriesOf(2n, { process: 1n, bornHere: true, firstNs: 120_000_000_000n })];
    const appeared = steady(2n, 115_000, 145_000).slice(1);
    expect(line({ series, points: [...steady(1n, 90_000, 145_000), ...appeared], stepMs: 5000, count: 9 })).toEqual({
      100: 20, 105: 20, 110: 20, 115: 40, 120: 40, 125: 40, 130: 40, 135: 40, 140: 40,
    }); // prettier-ignore
  });

  it('of delta points does not fall in the last step', () => {
    const series = [seriesOf(1n, { temporality: 'delta' })];
    const points = [102_000, 107_000, 112_000, 117_000].map((timeMs) =>
      pointOf(1n, timeMs, { startMs: timeMs - EXPORT_MS, gapMs: EXPORT_MS, value: 100 }),
    );
    expect(line({ series, points })).toEqual({ 100: 20, 110: 20 });
  });

  it('of a delta series that has nothing to say is nought, as its process reports others', () => {
    const series = [seriesOf(1n, { temporality: 'delta' }), seriesOf(2n, { process: 1n, temporality: 'delta' })];
    const deltas = (id: bigint, times: number[]) =>
      times.map((timeMs) => pointOf(id, timeMs, { startMs: timeMs - EXPORT_MS, gapMs: EXPORT_MS, value: 100 }));
    const points = [...deltas(1n, [105_000, 110_000, 115_000, 120_000]), ...deltas(2n, [105_000])];
    expect(line({ series, points })).toEqual({ 100: 30, 110: 20 });
  });
});

describe('an increase', () => {
  it('of the last step goes on as it began while the process reports', () => {
    expect(line({ points: steady(1n, 92_000, 117_000), aggregation: 'increase' })).toEqual({ 100: 200, 110: 200 });
  });

  it('is what was counted, no more, when the process began and ended in the step', () => {
    const series = [seriesOf(1n, { firstNs: 108_000_000_000n })];
    const points = [pointOf(1n, 108_000, { startMs: 102_000, value: 7 })];
    expect(line({ series, points, aggregation: 'increase', nowMs: 900_000 })).toEqual({ 100: 7 });
    const early = [pointOf(1n, 103_000, { startMs: 102_000, value: 7 })];
    const earlySeries = [seriesOf(1n, { firstNs: 103_000_000_000n })];
    expect(line({ series: earlySeries, points: early, aggregation: 'increase' })).toEqual({ 100: 7 });
  });

  it('loses nothing of processes that ended one soon after the other', () => {
    const series = [seriesOf(1n), seriesOf(2n)];
    const points = [...steady(1n, 100_000, 115_000), ...steady(2n, 100_000, 120_000)];
    expect(line({ series, points, aggregation: 'increase', nowMs: 900_000 })).toEqual({ 100: 400, 110: 300 });
  });
});
