import type { MetricDescriptor, MetricQueryResult, MetricSeries } from '@crmbet/telemetry';
import type { Style } from '../output.ts';
import { formatNumber } from './number.ts';
import { sparkline } from './sparkline.ts';
import { renderTable } from './table.ts';
import { oneLine, pairs } from './text.ts';
import { formatDate } from './time.ts';

export function renderMetricList(metrics: readonly MetricDescriptor[], style: Style): string {
  return renderTable(
    [
      { title: 'METRIC' },
      { title: 'TYPE' },
      { title: 'UNIT', dropOrder: 2 },
      { title: 'SERIES', align: 'right' },
      { title: 'SERVICES', shrinkTo: 10, dropOrder: 3 },
      { title: 'LABELS', shrinkTo: 12, dropOrder: 4 },
      { title: 'DESCRIPTION', shrinkTo: 16, dropOrder: 5 },
    ],
    metrics.map((metric) => [
      style.colors.cyan(oneLine(metric.name)),
      metric.type === 'sum' && metric.monotonic ? 'counter' : metric.type.replace('_', ' '),
      oneLine(metric.unit),
      String(metric.seriesCount),
      oneLine(metric.services.join(', ')),
      oneLine(metric.labels.join(', ')),
      oneLine(metric.description),
    ]),
    style,
  );
}

export interface MetricView {
  /** `rate`, `0.95 quantile`, … */
  how: string;
  /** Of the result's values. */
  unit: string;
}

/** A line for every series: its labels, how it went, and its figures over the range. */
export function renderMetricSeries(result: MetricQueryResult, view: MetricView, style: Style): string {
  const { colors } = style;
  const unit = view.unit === '' ? '' : ` in ${oneLine(view.unit)}`;
  const head = `${colors.bold(oneLine(result.name))}  ${result.type.replace('_', ' ')}, ${view.how}${unit}${rangeOf(result.series)}`;
  const rows = result.series.map((series) => {
    const values = series.points.map(([, value]) => value);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const figures = [values.at(-1) ?? Number.NaN, Math.min(...values), mean, Math.max(...values)];
    return [
      oneLine(pairs(series.labels)) || colors.dim('(all)'),
      colors.green(sparkline(values, 24)),
      ...figures.map((value) => (values.length === 0 ? '' : formatNumber(value))),
    ];
  });
  const table = renderTable(
    [
      { title: 'SERIES', shrinkTo: 24 },
      { title: '', dropOrder: 2 },
      { title: 'LAST', align: 'right' },
      { title: 'MIN', align: 'right', dropOrder: 1 },
      { title: 'MEAN', align: 'right', dropOrder: 1 },
      { title: 'MAX', align: 'right', dropOrder: 1 },
    ],
    rows,
    style,
  );
  return `${head}\n\n${table}`;
}

function rangeOf(series: readonly MetricSeries[]): string {
  const times = series
    .flatMap(({ points }) => [points[0]?.[0], points.at(-1)?.[0]])
    .filter((time) => time !== undefined);
  if (times.length === 0) return '';
  return `, ${formatDate(new Date(Math.min(...times)))} to ${formatDate(new Date(Math.max(...times)))}`;
}
