import type { MetricAggregation, MetricDescriptor, MetricQuery } from '@crmbet/telemetry';
import { rangeOf } from '../../state/range.ts';
import { defined, pairsOf } from '../traces/trace-query.ts';

/** The time range of a chart whose URL names none. */
export const defaultRange = '1h';
/** In the URL's `groupBy`: every series a line of its own, and all of them added up to one. */
export const everySeries = '*';
export const oneLine = '-';
/** Up to so many series are drawn each by default; more are added up. */
const fewSeries = 12;

/** A way to draw a metric: aggregation, with the quantile where it takes one. */
export interface Mode {
  aggregation: MetricAggregation;
  quantile?: number;
  label: string;
}

const last: Mode = { aggregation: 'last', label: 'Last value' };
const rate: Mode = { aggregation: 'rate', label: 'Rate per second' };
const increase: Mode = { aggregation: 'increase', label: 'Increase per step' };
const across: readonly Mode[] = [
  { aggregation: 'avg', label: 'Average of series' },
  { aggregation: 'max', label: 'Maximum of series' },
  { aggregation: 'min', label: 'Minimum of series' },
];
const quantiles: readonly Mode[] = [
  { aggregation: 'quantile', quantile: 0.95, label: '95th percentile' },
  { aggregation: 'quantile', quantile: 0.99, label: '99th percentile' },
  { aggregation: 'quantile', quantile: 0.5, label: 'Median' },
];

/** The ways that make sense for a metric, the best first. */
export function modesOf({ type, monotonic }: Pick<MetricDescriptor, 'type' | 'monotonic'>): readonly Mode[] {
  switch (type) {
    case 'histogram':
      return [...quantiles, rate, increase, { ...last, label: 'Mean' }];
    case 'exponential_histogram':
    case 'summary':
      return [rate, increase, { ...last, label: 'Mean' }];
    case 'sum':
      return monotonic ? [rate, increase, { ...last, label: 'Running total' }] : [last, ...across];
    case 'gauge':
    default:
      return [last, ...across];
  }
}

/** The way that the URL says, or the best one. */
export function modeOf(params: URLSearchParams, metric: MetricDescriptor): Mode {
  const modes = modesOf(metric);
  const quantile = Number(params.get('quantile') ?? '0.95');
  const wanted = params.get('aggregation');
  const found = modes.find(
    (mode) => mode.aggregation === wanted && (mode.quantile === undefined || mode.quantile === quantile),
  );
  if (found !== undefined) return found;
  if (wanted === 'quantile' && metric.type === 'histogram' && quantile >= 0 && quantile <= 1) {
    return { aggregation: 'quantile', quantile, label: `Quantile ${quantile}` };
  }
  return modes[0] ?? last;
}

/** What the lines are: the URL's word for it, or a choice by the number of series. */
export function groupingOf(params: URLSearchParams, metric: MetricDescriptor): string {
  return params.get('groupBy') ?? (metric.seriesCount <= fewSeries ? everySeries : oneLine);
}

/** Labels of a grouping. */
export function labelsOf(grouping: string): string[] {
  return grouping === everySeries || grouping === oneLine ? [] : grouping.split(',').filter((label) => label !== '');
}

/** The grouping with a label put in or taken out. */
export function toggledLabel(grouping: string, label: string): string {
  const labels = labelsOf(grouping);
  const next = labels.includes(label) ? labels.filter((one) => one !== label) : [...labels, label];
  return next.length === 0 ? oneLine : next.join(',');
}

/** The query that the URL of the metrics page says for a metric. */
export function metricQueryOf(params: URLSearchParams, metric: MetricDescriptor, nowMs: number): MetricQuery {
  const mode = modeOf(params, metric);
  const grouping = groupingOf(params, metric);
  return defined<MetricQuery>({
    name: metric.name,
    service: params.get('service') ?? undefined,
    labels: pairsOf(params.getAll('label')),
    groupBy: grouping === everySeries ? undefined : labelsOf(grouping),
    aggregation: mode.aggregation,
    quantile: mode.quantile,
    stepSeconds: undefined,
    startMs: undefined,
    endMs: undefined,
    ...rangeOf(params, nowMs, defaultRange),
  });
}
