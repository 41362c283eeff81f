import type { ExemplarRecord } from '../model.ts';
import type { JsonEnvelope } from './json-envelope.ts';
import type { JsonObject } from './json-reader.ts';
import type { ExponentialBuckets, MetricFacts, PointDraft } from './point-draft.ts';
import { newDraft } from './point-draft.ts';
import { idOrNone, LOG_CORRELATION_KEY, SPAN_CORRELATION_KEY } from './record-rules.ts';

/** Reads a data point of a metric of that type in OTLP/JSON (opentelemetry-proto, metrics.proto). */
export function readJsonPoint(envelope: JsonEnvelope, type: MetricFacts['type'], point: JsonObject): PointDraft {
  const { reader, values } = envelope;
  const draft = newDraft();
  draft.startTimeUnixNano = reader.uint64(point, 'startTimeUnixNano');
  draft.timeUnixNano = reader.uint64(point, 'timeUnixNano');
  draft.attributes = values.sortedAttributes(point, 'attributes');
  draft.flags = Number(reader.uint64(point, 'flags') & 0xffffffffn);
  if (type === 'gauge' || type === 'sum') {
    draft.value = readNumber(envelope, point);
  } else {
    draft.count = Number(reader.uint64(point, 'count'));
    draft.sum = reader.double(point, 'sum');
  }
  if (type === 'histogram') readBuckets(envelope, point, draft);
  if (type === 'exponential_histogram') readExponential(envelope, point, draft);
  if (type === 'summary') readQuantiles(envelope, point, draft);
  else reader.each(point, 'exemplars', (exemplar) => draft.exemplars.push(readExemplar(envelope, exemplar)));
  return draft;
}

/** `asInt` or `asDouble`; undefined when there is neither. */
function readNumber({ reader }: JsonEnvelope, holder: JsonObject): number | undefined {
  if ((holder['asDouble'] ?? undefined) !== undefined) return reader.double(holder, 'asDouble');
  return (holder['asInt'] ?? undefined) === undefined ? undefined : Number(reader.int64(holder, 'asInt'));
}

function readBuckets({ reader, budget }: JsonEnvelope, point: JsonObject, draft: PointDraft): void {
  reader.counts(point, 'bucketCounts', (count) => budget.checkBuckets(draft.bucketCounts.push(count)));
  reader.doubles(point, 'explicitBounds', (bound) => budget.checkBuckets(draft.bounds.push(bound)));
}

function readExponential(envelope: JsonEnvelope, point: JsonObject, draft: PointDraft): void {
  draft.scale = Number(envelope.reader.int64(point, 'scale'));
  draft.zeroCount = Number(envelope.reader.uint64(point, 'zeroCount'));
  readSide(envelope, point, 'positive', draft.positive);
  readSide(envelope, point, 'negative', draft.negative);
}

function readSide({ reader, budget }: JsonEnvelope, point: JsonObject, key: string, side: ExponentialBuckets): void {
  reader.child(point, key, (buckets) => {
    side.offset = Number(reader.int64(buckets, 'offset'));
    reader.counts(buckets, 'bucketCounts', (count) => budget.checkBuckets(side.counts.push(count)));
  });
}

function readQuantiles({ reader, budget }: JsonEnvelope, point: JsonObject, draft: PointDraft): void {
  reader.each(point, 'quantileValues', (entry) => {
    const quantile = { quantile: reader.double(entry, 'quantile'), value: reader.double(entry, 'value') };
    budget.checkBuckets(draft.quantiles.push(quantile));
  });
}

function readExemplar(envelope: JsonEnvelope, exemplar: JsonObject): ExemplarRecord {
  const { reader, values, budget } = envelope;
  budget.takeExemplar();
  const wanted = [SPAN_CORRELATION_KEY, LOG_CORRELATION_KEY];
  return {
    timeUnixNano: reader.uint64(exemplar, 'timeUnixNano'),
    value: readNumber(envelope, exemplar) ?? 0,
    traceId: idOrNone(reader.id(exemplar, 'traceId', 16)),
    spanId: idOrNone(reader.id(exemplar, 'spanId', 8)),
    correlationId: values.attributes(exemplar, 'filteredAttributes', wanted).value,
  };
}
