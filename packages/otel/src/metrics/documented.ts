import { ValueType, type HrTime } from '@opentelemetry/api';
import { millisToHrTime } from '@opentelemetry/core';
import {
  AggregationTemporality,
  DataPointType,
  type DataPoint,
  type Histogram,
  type MetricData,
  type MetricProducer,
  type ScopeMetrics,
} from '@opentelemetry/sdk-metrics';
import { emptyResource } from '@opentelemetry/resources';
import { snapshot, type Exemplar, type MetricSnapshot, type SeriesBase } from '@crmbet/metrics';

/** The instrumentation scope of the documented metrics in OTLP. */
export const DOCUMENTED_SCOPE = '@crmbet/metrics';

/** A data point of the SDK with exemplars, which the SDK itself does not have. */
export interface PointWithExemplars<T> extends DataPoint<T> {
  readonly exemplars: readonly Exemplar[];
}

const units: Readonly<Record<string, string>> = { seconds: 's', bytes: 'By', ratio: '1' };

/** The documented metrics as the SDK's data, cumulative. `exemplars` as in `snapshot()`. */
export function documentedScope(exemplars: 'take' | 'peek', now: number = Date.now()): ScopeMetrics {
  const endTime = millisToHrTime(now);
  const metrics = snapshot({ exemplars })
    .filter(({ series }) => series.length > 0)
    .map((family) => toMetricData(family, endTime));
  return { scope: { name: DOCUMENTED_SCOPE }, metrics };
}

/** The documented metrics for a metric reader, beside those of the SDK. */
export interface DocumentedProducer extends MetricProducer {
  /** Runs `collect`, whose synchronous part asks the producers, without the documented metrics. */
  without<T>(collect: () => T): T;
}

/** A producer for the one reader that exports, which takes the exemplars with it. */
export function createDocumentedProducer(exemplars: 'take' | 'peek'): DocumentedProducer {
  let silent = false;
  return {
    async collect() {
      const scopeMetrics = silent ? [] : [documentedScope(exemplars)];
      return { resourceMetrics: { resource: emptyResource(), scopeMetrics }, errors: [] };
    },
    without(collect) {
      silent = true;
      try {
        return collect();
      } finally {
        silent = false;
      }
    },
  };
}

function toMetricData(family: MetricSnapshot, endTime: HrTime): MetricData {
  const descriptor = {
    name: family.name,
    description: family.help,
    unit: units[family.unit] ?? family.unit,
    valueType: ValueType.DOUBLE,
  };
  const base = { descriptor, aggregationTemporality: AggregationTemporality.CUMULATIVE };
  if (family.type === 'histogram') {
    const boundaries = [...family.bounds];
    const dataPoints = family.series.map((series) => {
      const { count, sum, bucketCounts } = series;
      return toPoint<Histogram>(series, endTime, { count, sum, buckets: { boundaries, counts: [...bucketCounts] } });
    });
    return { ...base, dataPointType: DataPointType.HISTOGRAM, dataPoints };
  }
  const dataPoints = family.series.map((series) => toPoint(series, endTime, series.value));
  if (family.type === 'gauge') return { ...base, dataPointType: DataPointType.GAUGE, dataPoints };
  return { ...base, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints };
}

function toPoint<T>(series: SeriesBase, endTime: HrTime, value: T): PointWithExemplars<T> {
  return {
    startTime: millisToHrTime(series.startTimeUnixMs),
    endTime,
    attributes: series.labels,
    value,
    exemplars: series.exemplars,
  };
}
