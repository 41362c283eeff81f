import { TelemetryError } from '../errors.ts';
import { type MetricAggregation, type MetricDescriptor, type MetricQuery, type MetricQueryResult } from '../query.ts';
import { findSeries } from './find-series.ts';
import { aggregateSeries } from './metric-aggregate.ts';
import { chooseGrid } from './metric-grid.ts';
import { type SeriesRow } from './metric-series.ts';
import { type Run } from './query-spans.ts';
import { readPoints } from './read-points.ts';

const DEFAULT_QUANTILE = 0.95;

const FITTING: Readonly<Record<MetricDescriptor['type'], readonly MetricAggregation[]>> = {
  gauge: ['last', 'sum', 'avg', 'max', 'min'],
  sum: ['last', 'rate', 'increase', 'sum', 'avg', 'max', 'min'],
  histogram: ['last', 'rate', 'increase', 'avg', 'max', 'min', 'quantile'],
  exponential_histogram: ['last', 'rate', 'increase', 'avg', 'max', 'min', 'quantile'],
  summary: ['last', 'rate', 'increase', 'avg', 'max', 'min'],
};

function chooseAggregation(query: MetricQuery, { type, monotonic }: SeriesRow): MetricAggregation {
  const counts = type !== 'gauge' && (type !== 'sum' || monotonic);
  const chosen = query.aggregation ?? (counts ? 'rate' : 'last');
  const fitting = FITTING[type].filter((one) => counts || (one !== 'rate' && one !== 'increase'));
  if (!fitting.includes(chosen)) {
    const kind = type === 'sum' && !monotonic ? 'sum that can fall' : type.replace('_', ' ');
    throw new TelemetryError(
      'INVALID_QUERY',
      `aggregation=${chosen} does not fit ${query.name}, a ${kind}: allowed are ${fitting.join(', ')}.`,
    );
  }
  return chosen;
}

export async function queryMetric(run: Run, query: MetricQuery): Promise<MetricQueryResult> {
  const { kind, series } = await findSeries(run, query);
  const aggregation = chooseAggregation(query, kind);
  const result = { name: query.name, unit: kind.unit, type: kind.type, aggregation };
  const grid = await chooseGrid(run, query, series);
  if (grid === undefined) return { ...result, series: [] };
  const points = await readPoints(run, series, grid, aggregation === 'quantile');
  const { quantile = DEFAULT_QUANTILE, groupBy } = query;
  const nowMs = Date.now();
  return { ...result, series: aggregateSeries({ series, points, grid, nowMs, aggregation, quantile, groupBy }) };
}
