import { flattenAttributes, hex, type ReceivedAttributes, type ReceivedOrigin } from './otlp-values.ts';
import type { ExemplarMessage, MetricData, MetricMessage, PointMessage } from './otlp-messages.ts';

export interface ReceivedExemplar {
  timeUnixNano: bigint;
  value: number;
  /** Empty when the measurement was made outside a trace. */
  traceId: string;
  spanId: string;
  /** Filtered attributes: those of the measurement that its series does not have. */
  attributes: ReceivedAttributes;
}

interface ReceivedBuckets {
  offset: number;
  bucketCounts: number[];
}

/** One data point of one metric. Fields that its type does not have are `undefined`. */
export interface ReceivedMetricPoint extends ReceivedOrigin {
  name: string;
  description: string;
  unit: string;
  type: 'gauge' | 'sum' | 'histogram' | 'exponential_histogram' | 'summary';
  temporality: 'unspecified' | 'delta' | 'cumulative';
  monotonic: boolean;
  attributes: ReceivedAttributes;
  startTimeUnixNano: bigint;
  timeUnixNano: bigint;
  /** Of a gauge or sum. */
  value: number | undefined;
  /** Observations, of histograms and summaries. */
  count: number | undefined;
  sum: number | undefined;
  min: number | undefined;
  max: number | undefined;
  explicitBounds: number[] | undefined;
  /** Not cumulative; one more than the bounds. */
  bucketCounts: number[] | undefined;
  exponential:
    | { scale: number; zeroCount: number; zeroThreshold: number; positive: ReceivedBuckets; negative: ReceivedBuckets }
    | undefined;
  quantiles: { quantile: number; value: number }[] | undefined;
  exemplars: ReceivedExemplar[];
}

const temporalities = ['unspecified', 'delta', 'cumulative'] as const;

export function flattenMetric(metric: MetricMessage, from: ReceivedOrigin): ReceivedMetricPoint[] {
  const [type, data] = dataOf(metric);
  return (data.dataPoints ?? []).map((point) => flattenPoint(metric, type, data, point, from));
}

function flattenPoint(
  metric: MetricMessage,
  type: ReceivedMetricPoint['type'],
  data: MetricData,
  point: PointMessage,
  from: ReceivedOrigin,
): ReceivedMetricPoint {
  return {
    ...from,
    name: metric.name ?? '',
    description: metric.description ?? '',
    unit: metric.unit ?? '',
    type,
    temporality: temporalities[data.aggregationTemporality ?? 0] ?? 'unspecified',
    monotonic: data.isMonotonic ?? false,
    attributes: flattenAttributes(point.attributes),
    startTimeUnixNano: BigInt(point.startTimeUnixNano ?? 0),
    timeUnixNano: BigInt(point.timeUnixNano ?? 0),
    ...valuesOf(type, point),
    exemplars: (point.exemplars ?? []).map(flattenExemplar),
  };
}

function dataOf(metric: MetricMessage): [ReceivedMetricPoint['type'], MetricData] {
  if (metric.gauge) return ['gauge', metric.gauge];
  if (metric.sum) return ['sum', metric.sum];
  if (metric.histogram) return ['histogram', metric.histogram];
  if (metric.exponentialHistogram) return ['exponential_histogram', metric.exponentialHistogram];
  return ['summary', metric.summary ?? {}];
}

function valuesOf(type: ReceivedMetricPoint['type'], point: PointMessage) {
  const isNumber = type === 'gauge' || type === 'sum';
  const isHistogram = type === 'histogram';
  return {
    value: isNumber ? numberOf(point) : undefined,
    count: isNumber ? undefined : Number(point.count ?? 0),
    sum: point.sum,
    min: point.min,
    max: point.max,
    explicitBounds: isHistogram ? (point.explicitBounds ?? []) : undefined,
    bucketCounts: isHistogram ? (point.bucketCounts ?? []).map(Number) : undefined,
    exponential: type === 'exponential_histogram' ? exponentialOf(point) : undefined,
    quantiles:
      type === 'summary'
        ? (point.quantileValues ?? []).map(({ quantile = 0, value = 0 }) => ({ quantile, value }))
        : undefined,
  };
}

function exponentialOf(point: PointMessage): ReceivedMetricPoint['exponential'] {
  return {
    scale: point.scale ?? 0,
    zeroCount: Number(point.zeroCount ?? 0),
    zeroThreshold: point.zeroThreshold ?? 0,
    positive: bucketsOf(point.positive),
    negative: bucketsOf(point.negative),
  };
}

function bucketsOf(buckets: PointMessage['positive'] = {}): ReceivedBuckets {
  return { offset: buckets.offset ?? 0, bucketCounts: (buckets.bucketCounts ?? []).map(Number) };
}

/** 0 when neither is set, as proto3 defaults; integers beyond 2^53 lose precision. */
function numberOf(point: { asDouble?: number; asInt?: string }): number {
  return point.asDouble ?? Number(point.asInt ?? 0);
}

function flattenExemplar(exemplar: ExemplarMessage): ReceivedExemplar {
  return {
    timeUnixNano: BigInt(exemplar.timeUnixNano ?? 0),
    value: numberOf(exemplar),
    traceId: hex(exemplar.traceId),
    spanId: hex(exemplar.spanId),
    attributes: flattenAttributes(exemplar.filteredAttributes),
  };
}
