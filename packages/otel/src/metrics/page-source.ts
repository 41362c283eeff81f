import type { Attributes, HrTime } from '@opentelemetry/api';
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
  const { description: help } = metric.descriptor;
  const unit = unitSuffix(metric);
  const base = (point: DataPoint<unknown>) => ({
    labels: toLabels(point.attributes, scopeName),
    startTimeUnixMs: toMs(point.startTime),
    exemplars: [],
  });
  switch (metric.dataPointType) {
    case DataPointType.SUM:
    case DataPointType.GAUGE: {
      const isCounter = metric.dataPointType === DataPointType.SUM && metric.isMonotonic;
      return {
        type: isCounter ? 'counter' : 'gauge',
        name: metricName(metric.descriptor.name, unit, isCounter ? 'total' : ''),
        help,
        unit,
        series: metric.dataPoints.map((point) => ({ ...base(point), value: point.value })),
      };
    }
    case DataPointType.HISTOGRAM:
      return {
        type: 'histogram',
        name: metricName(metric.descriptor.name, unit, ''),
        help,
        unit,
        bounds: metric.dataPoints[0]?.value.buckets.boundaries ?? [],
        series: metric.dataPoints.map((point) => ({
          ...base(point),
          count: point.value.count,
          sum: point.value.sum ?? 0,
          bucketCounts: point.value.buckets.counts,
        })),
      };
    case DataPointType.EXPONENTIAL_HISTOGRAM:
      // The text formats have no form for it.
      return undefined;
  }
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
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
    labels[key.replace(/[^A-Za-z0-9_]+/g, '_').replace(/^(?=\d)/, '_')] = text;
  }
  return labels;
}

function toMs(time: HrTime): number {
  return hrTimeToMilliseconds(time);
}
