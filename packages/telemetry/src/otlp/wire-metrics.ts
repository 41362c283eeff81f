import type { DecodedRequest } from './decoded.ts';
import { emptyBatch, Rejections } from './decoded.ts';
import type { DecodeLimits } from './limits.ts';
import type { MetricFacts } from './point-draft.ts';
import { finishPoint, isEmptyPoint, pointProblem } from './point-draft.ts';
import { temporalityOf } from './record-rules.ts';
import type { Origin } from './origin.ts';
import { WireEnvelope } from './wire-envelope.ts';
import { PointReader } from './wire-points.ts';
import type { WireReader } from './wire-reader.ts';
import { skipField } from './wire-skip.ts';
import type { FieldTypes } from './wire-types.ts';
import { WIRE_LENGTH, WIRE_VARINT } from './wire-types.ts';

const METRIC: FieldTypes = {
  1: WIRE_LENGTH,
  2: WIRE_LENGTH,
  3: WIRE_LENGTH,
  5: WIRE_LENGTH,
  7: WIRE_LENGTH,
  9: WIRE_LENGTH,
  10: WIRE_LENGTH,
  11: WIRE_LENGTH,
  12: WIRE_LENGTH,
};
const DATA: FieldTypes = { 1: WIRE_LENGTH, 2: WIRE_VARINT, 3: WIRE_VARINT };
/** The `data` of a Metric by its tag. */
const dataTypes = new Map<number, MetricFacts['type']>([
  [0x2a, 'gauge'],
  [0x3a, 'sum'],
  [0x4a, 'histogram'],
  [0x52, 'exponential_histogram'],
  [0x5a, 'summary'],
]);
const NAMES = { request: 'ExportMetricsServiceRequest', resourceGroup: 'ResourceMetrics', scopeGroup: 'ScopeMetrics' };

/**
 * Decodes an `ExportMetricsServiceRequest` in protobuf (opentelemetry-proto, metrics.proto) into one record a data point.
 * @throws {TelemetryError} code `INVALID_OTLP`, naming the message and the byte
 */
export function decodeWireMetrics(body: Uint8Array, limits: DecodeLimits): DecodedRequest {
  const decoder = new MetricDecoder(body, limits);
  return decoder.decode();
}

class MetricDecoder {
  private readonly envelope: WireEnvelope;
  private readonly reader: WireReader;
  private readonly points: PointReader;
  private readonly batch = emptyBatch();
  private readonly rejections = new Rejections();

  constructor(body: Uint8Array, limits: DecodeLimits) {
    this.envelope = new WireEnvelope(body, NAMES, limits);
    this.reader = this.envelope.reader;
    this.points = new PointReader(this.reader, this.envelope.budget);
  }

  decode(): DecodedRequest {
    this.envelope.each((origin) => this.metric(origin));
    const { batch, rejections } = this;
    return { signal: 'metrics', batch, rejected: rejections.count, message: rejections.message('metrics') };
  }

  /** Name and unit may lie after the data, so the data are looked for first and read last. */
  private metric(origin: Origin): void {
    const { reader } = this;
    const metric: MetricFacts = {
      name: '',
      description: '',
      unit: '',
      type: 'gauge',
      temporality: '',
      monotonic: false,
      serviceName: origin.serviceName,
      scopeName: origin.scopeName,
      resource: origin.resource,
    };
    reader.enter('Metric');
    const dataAt = this.metricFields(metric);
    if (dataAt >= 0) {
      reader.position = dataAt;
      this.data(metric);
    }
    reader.leave();
  }

  /** Returns where the data begin; of several the last count (proto3, oneof). */
  private metricFields(metric: MetricFacts): number {
    const { reader } = this;
    let dataAt = -1;
    while (!reader.done) {
      const tag = reader.tag();
      const type = dataTypes.get(tag);
      if (type !== undefined) {
        metric.type = type;
        dataAt = reader.position;
        reader.position = reader.lengthEnd();
      } else if (tag === 0x0a) metric.name = reader.string();
      else if (tag === 0x12) metric.description = reader.string();
      else if (tag === 0x1a) metric.unit = reader.string();
      else skipField(reader, tag, METRIC);
    }
    return dataAt;
  }

  /** Temporality and monotonicity lie after the points that need them, so they are looked for first. */
  private data(metric: MetricFacts): void {
    const { reader } = this;
    reader.enter(metric.type);
    const start = reader.position;
    const accumulates = metric.type !== 'gauge' && metric.type !== 'summary';
    while (!reader.done) {
      const tag = reader.tag();
      if (tag === 0x10 && accumulates) metric.temporality = temporalityOf(reader.varint());
      else if (tag === 0x18 && metric.type === 'sum') metric.monotonic = reader.bool();
      else skipField(reader, tag, DATA);
    }
    reader.position = start;
    while (!reader.done) {
      const tag = reader.tag();
      if (tag === 0x0a) this.point(metric);
      else skipField(reader, tag, DATA);
    }
    reader.leave();
  }

  private point(metric: MetricFacts): void {
    this.envelope.budget.takeRecord();
    const draft = this.points.read(metric.type);
    if (isEmptyPoint(draft)) return;
    const problem = pointProblem(metric, draft);
    if (problem === undefined) this.batch.metricPoints.push(finishPoint(metric, draft));
    else this.rejections.add(problem);
  }
}
