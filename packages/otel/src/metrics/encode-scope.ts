import type { Attributes, HrTime } from '@opentelemetry/api';
import {
  DataPointType,
  type DataPoint,
  type Histogram,
  type HistogramMetricData,
  type MetricData,
  type ScopeMetrics,
} from '@opentelemetry/sdk-metrics';
import { CORRELATION_ID_ATTRIBUTE } from '@crmbet/correlation';
import type { Exemplar } from '@crmbet/metrics';
import { ProtobufWriter } from './protobuf-writer.ts';

const cumulative = 2;

/** A `ScopeMetrics` message with exemplars (opentelemetry/proto/metrics/v1/metrics.proto); numbers are its fields'. */
export function encodeScopeMetrics({ scope, metrics }: ScopeMetrics): Uint8Array {
  const writer = new ProtobufWriter();
  writer.message(1, (message) => message.tag(1, 2).text(scope.name));
  for (const metric of metrics) writer.message(2, (message) => writeMetric(message, metric));
  return writer.finish();
}

/** The exemplars of a point, where it has some. */
export function exemplarsOf(point: object): readonly Exemplar[] {
  return 'exemplars' in point ? (point.exemplars as readonly Exemplar[]) : [];
}

function writeMetric(writer: ProtobufWriter, metric: MetricData): void {
  const { name, description, unit } = metric.descriptor;
  writer.tag(1, 2).text(name).tag(2, 2).text(description).tag(3, 2).text(unit);
  switch (metric.dataPointType) {
    case DataPointType.GAUGE:
      return void writer.message(5, (gauge) => writeNumbers(gauge, metric.dataPoints));
    case DataPointType.SUM:
      return void writer.message(7, (sum) => {
        writeNumbers(sum, metric.dataPoints);
        sum.tag(2, 0).varint(cumulative).tag(3, 0).varint(Number(metric.isMonotonic));
      });
    case DataPointType.HISTOGRAM:
      return void writer.message(9, (histogram) => writeHistogram(histogram, metric));
    case DataPointType.EXPONENTIAL_HISTOGRAM:
      // No documented metric is one.
      return undefined;
  }
}

function writeNumbers(writer: ProtobufWriter, points: readonly DataPoint<number>[]): void {
  for (const point of points) {
    writer.message(1, (message) => {
      writeTimes(message, point);
      message.tag(4, 1).double(point.value);
      for (const exemplar of exemplarsOf(point)) message.message(5, (inner) => writeExemplar(inner, exemplar));
      writeAttributes(message, 7, point.attributes);
    });
  }
}

function writeHistogram(writer: ProtobufWriter, { dataPoints }: HistogramMetricData): void {
  for (const point of dataPoints) writer.message(1, (message) => writeHistogramPoint(message, point));
  writer.tag(2, 0).varint(cumulative);
}

function writeHistogramPoint(writer: ProtobufWriter, point: DataPoint<Histogram>): void {
  const { count, sum = 0, buckets } = point.value;
  writeTimes(writer, point);
  writer.tag(4, 1).fixed64(BigInt(count)).tag(5, 1).double(sum);
  writer.message(6, (counts) => {
    for (const bucket of buckets.counts) counts.fixed64(BigInt(bucket));
  });
  writer.message(7, (bounds) => {
    for (const bound of buckets.boundaries) bounds.double(bound);
  });
  for (const exemplar of exemplarsOf(point)) writer.message(8, (inner) => writeExemplar(inner, exemplar));
  writeAttributes(writer, 9, point.attributes);
}

function writeTimes(writer: ProtobufWriter, { startTime, endTime }: { startTime: HrTime; endTime: HrTime }): void {
  writer.tag(2, 1).fixed64(toNanoseconds(startTime)).tag(3, 1).fixed64(toNanoseconds(endTime));
}

function writeExemplar(writer: ProtobufWriter, exemplar: Exemplar): void {
  writer.tag(2, 1).fixed64(BigInt(Math.round(exemplar.timeUnixMs * 1000)) * 1000n);
  writer.tag(3, 1).double(exemplar.value);
  writer.tag(4, 2).bytes(Buffer.from(exemplar.spanId, 'hex'));
  writer.tag(5, 2).bytes(Buffer.from(exemplar.traceId, 'hex'));
  if (exemplar.correlationId !== '') {
    writeAttributes(writer, 7, { [CORRELATION_ID_ATTRIBUTE]: exemplar.correlationId });
  }
}

/** Labels are text. */
function writeAttributes(writer: ProtobufWriter, field: number, attributes: Attributes): void {
  for (const [key, value] of Object.entries(attributes)) {
    writer.message(field, (pair) => {
      pair.tag(1, 2).text(key);
      pair.message(2, (any) => any.tag(1, 2).text(String(value)));
    });
  }
}

function toNanoseconds([seconds, nanoseconds]: HrTime): bigint {
  return BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
}
