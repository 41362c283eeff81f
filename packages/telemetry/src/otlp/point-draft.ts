import type { ExemplarRecord, MetricPointRecord } from '../model.ts';
import { LATE, MAX_TIME_UNIX_NANO } from './record-rules.ts';

/** What the points of one metric have in common. */
export interface MetricFacts {
  name: string;
  description: string;
  unit: string;
  type: MetricPointRecord['type'];
  temporality: MetricPointRecord['temporality'];
  monotonic: boolean;
  serviceName: string;
  scopeName: string;
  resource: string;
}

export interface ExponentialBuckets {
  offset: number;
  counts: number[];
}

/** A data point of any kind as its fields are read; those of other kinds stay as they are. */
export interface PointDraft {
  startTimeUnixNano: bigint;
  timeUnixNano: bigint;
  attributes: string;
  flags: number;
  /** Undefined when a gauge's or sum's point has neither `as_double` nor `as_int`. */
  value: number | undefined;
  count: number;
  sum: number;
  bounds: number[];
  bucketCounts: number[];
  quantiles: { quantile: number; value: number }[];
  scale: number;
  zeroCount: number;
  positive: ExponentialBuckets;
  negative: ExponentialBuckets;
  exemplars: ExemplarRecord[];
}

/** `DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK`: the series has ended; the point holds nothing. */
const NO_RECORDED_VALUE = 1;

export function newDraft(): PointDraft {
  return {
    startTimeUnixNano: 0n,
    timeUnixNano: 0n,
    attributes: '{}',
    flags: 0,
    value: undefined,
    count: 0,
    sum: 0,
    bounds: [],
    bucketCounts: [],
    quantiles: [],
    scale: 0,
    zeroCount: 0,
    positive: { offset: 0, counts: [] },
    negative: { offset: 0, counts: [] },
    exemplars: [],
  };
}

/** True for a point that says only that there is no value: it is neither stored nor rejected. */
export function isEmptyPoint(draft: PointDraft): boolean {
  return (draft.flags & NO_RECORDED_VALUE) !== 0;
}

/** Why a point cannot be stored; undefined when it can. */
export function pointProblem(metric: MetricFacts, draft: PointDraft): string | undefined {
  if (metric.name === '') return 'metric without a name';
  if (draft.timeUnixNano > MAX_TIME_UNIX_NANO || draft.startTimeUnixNano > MAX_TIME_UNIX_NANO) return LATE;
  if (metric.type === 'summary') return undefined;
  if (metric.type === 'gauge') return valueProblem(draft);
  // opentelemetry-proto, AggregationTemporality: UNSPECIFIED must not be used.
  if (metric.temporality === '') return 'unspecified aggregation temporality';
  if (metric.type === 'sum') return valueProblem(draft);
  return metric.type === 'histogram' ? histogramProblem(draft) : undefined;
}

export function finishPoint(metric: MetricFacts, draft: PointDraft): MetricPointRecord {
  const isNumber = metric.type === 'gauge' || metric.type === 'sum';
  return {
    ...metric,
    startTimeUnixNano: draft.startTimeUnixNano,
    timeUnixNano: draft.timeUnixNano,
    attributes: draft.attributes,
    value: draft.value ?? 0,
    count: isNumber ? 0 : draft.count,
    sum: isNumber ? 0 : draft.sum,
    explicitBounds: numberList(draft.bounds),
    bucketCounts: numberList(draft.bucketCounts),
    detail: detailText(metric, draft),
    exemplars: draft.exemplars,
  };
}

function valueProblem(draft: PointDraft): string | undefined {
  return draft.value === undefined ? 'data point without a value' : undefined;
}

/** opentelemetry-proto, HistogramDataPoint: bounds strictly ascend, and there is one bucket more than bounds unless there are none of both. */
function histogramProblem({ bounds, bucketCounts }: PointDraft): string | undefined {
  if (bucketCounts.length !== bounds.length + 1 && bucketCounts.length + bounds.length > 0) {
    return 'histogram whose bucket_counts are not one more than its explicit_bounds';
  }
  const ascends = bounds.every((bound, i) => Number.isFinite(bound) && (i === 0 || bound > Number(bounds[i - 1])));
  return ascends ? undefined : 'histogram whose explicit_bounds do not ascend or are not finite';
}

function detailText(metric: MetricFacts, draft: PointDraft): string {
  if (metric.type === 'summary') {
    const quantiles = draft.quantiles.map(
      ({ quantile, value }) => `{"quantile":${numberText(quantile)},"value":${numberText(value)}}`,
    );
    return `[${quantiles.join(',')}]`;
  }
  if (metric.type !== 'exponential_histogram') return '{}';
  const { scale, zeroCount, positive, negative } = draft;
  return `{"scale":${scale},"zeroCount":${zeroCount},"positive":${bucketsText(positive)},"negative":${bucketsText(negative)}}`;
}

function bucketsText(buckets: ExponentialBuckets): string {
  return `{"offset":${buckets.offset},"counts":${numberList(buckets.counts)}}`;
}

function numberList(numbers: number[]): string {
  return numbers.length === 0 ? '[]' : `[${numbers.map(numberText).join(',')}]`;
}

/** JSON has no NaN and no infinities: they are written as strings, as protobuf's JSON mapping does. */
function numberText(value: number): string {
  return Number.isFinite(value) ? String(value) : `"${value}"`;
}
