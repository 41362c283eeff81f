import type { Attributes } from '@opentelemetry/api';
import { hrTimeToMilliseconds } from '@opentelemetry/core';
import {
  DataPointType,
  type CollectionResult,
  type DataPoint,
  type MetricData,
  type ScopeMetrics,
} from '@opentelemetry/sdk-metrics';
import type { MetricSnapshot, MetricSource } from '@crmbet/metrics';

const unitSuffixes: Readonly<Record<string, string>> = {
  s: 'seconds',
  ms: 'milliseconds',
  us: 'microseconds',
  ns: 'nanoseconds',
  min: 'minutes',
  h: 'hours',
  d: 'days',
  By: 'bytes',
  KiBy: 'kibibytes',
  MiBy: 'mebibytes',
  m: 'meters',
  V: 'volts',
  A: 'amperes',
  J: 'joules',
  W: 'watts',
  g: 'grams',
  Cel: 'celsius',
  Hz: 'hertz',
  '%': 'percent',
};

/** Metrics made with the OpenTelemetry API, for `/metrics`; names and labels by "Prometheus and OpenMetrics Compatibility". */
export function createPageSource(collect: () => Promise<CollectionResult>): MetricSource {
  return {
    name: 'OpenTelemetry meters',
    async collect() {
      const { resourceMetrics } = await collect();
      return toSnapshots(resourceMetrics.scopeMetrics);
    },
  };
}

/** Families by name; the same metric of two scopes is one family, told apart by `otel_scope_name`. */
export function toSnapshots(scopes: readonly ScopeMetrics[]): MetricSnapshot[] {
  const families = new Map<string, MetricSnapshot>();
  for (const { scope, metrics } of scopes) {
    for (const metric of metrics) {
      const family = toSnapshot(metric, scope.name);
      if (family === undefined) continue;
      const known = families.get(family.name);
      families.set(family.name, known === undefined ? family : merge(known, family));
    }
  }
  return [...families.values()];
}

/** What differs in type or buckets cannot be one family: the first stays. */
function merge(known: MetricSnapshot, more: MetricSnapshot): MetricSnapshot {
  if (known.type === 'histogram' && more.type === 'histogram') {
    if (known.bounds.join() !== more.bounds.join()) return known;
    return { ...known, series: [...known.series, ...more.series] };
  }
  if (known.type === 'histogram' || more.type === 'histogram' || known.type !== more.type) return known;
  return { ...known, series: [...known.series, ...more.series] };
}

function toSnapshot(metric: MetricData, scopeName: string): MetricSnapshot | undefined {
  // The text formats have no form for it.
  if (metric.dataPointType === DataPointType.EXPONENTIAL_HISTOGRAM) return undefined;
  const unit = unitSuffix(metric);
  const isCounter = metric.dataPointType === DataPointType.SUM && metric.isMonotonic;
  const name = metricName(metric.descriptor.name, unit, isCounter ? 'total' : '');
  const family = { name, help: metric.descriptor.description, unit };
  if (metric.dataPointType !== DataPointType.HISTOGRAM) {
    const series = metric.dataPoints.map((point) => ({ ...seriesOf(point, scopeName), value: point.value }));
    return { ...family, type: isCounter ? 'counter' : 'gauge', series };
  }
  const bounds = metric.dataPoints[0]?.value.buckets.boundaries ?? [];
  const series = metric.dataPoints.map((point) => {
    const { count, sum = 0, buckets } = point.value;
    return { ...seriesOf(point, scopeName), count, sum, bucketCounts: buckets.counts };
  });
  return { ...family, type: 'histogram', bounds, series };
}

function seriesOf({ attributes, startTime }: DataPoint<unknown>, scopeName: string) {
  return { labels: toLabels(attributes, scopeName), startTimeUnixMs: hrTimeToMilliseconds(startTime), exemplars: [] };
}

function unitSuffix({ descriptor: { unit }, dataPointType }: MetricData): string {
  if (unit === '1') return dataPointType === DataPointType.GAUGE ? 'ratio' : '';
  return unitSuffixes[unit] ?? '';
}

function metricName(name: string, unit: string, ending: string): string {
  const clean = name.replace(/[^A-Za-z0-9_:]+/g, '_').replace(/^(?=\d)/, '_');
  const stem = ending !== '' && clean.endsWith(`_${ending}`) ? clean.slice(0, -ending.length - 1) : clean;
  const withUnit = unit === '' || stem.endsWith(`_${unit}`) ? stem : `${stem}_${unit}`;
  return ending === '' ? withUnit : `${withUnit}_${ending}`;
}

function toLabels(attributes: Attributes, scopeName: string): Record<string, string> {
  const labels: Record<string, string> = { otel_scope_name: scopeName };
  for (const [key, value] of Object.entries(attributes)) {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    labels[key.replace(/[^A-Za-z0-9_]+/g, '_').replace(/^(?=\d)/, '_')] = text;
  }
  return labels;
}
