import type { DecodedRequest } from './decoded.ts';
import { emptyBatch, Rejections } from './decoded.ts';
import { JsonEnvelope } from './json-envelope.ts';
import { readJsonPoint } from './json-points.ts';
import type { JsonObject } from './json-reader.ts';
import type { DecodeLimits } from './limits.ts';
import type { Origin } from './origin.ts';
import type { MetricFacts } from './point-draft.ts';
import { finishPoint, isEmptyPoint, pointProblem } from './point-draft.ts';
import { temporalityOf } from './record-rules.ts';

const KEYS = {
  request: 'ExportMetricsServiceRequest',
  resourceGroups: 'resourceMetrics',
  scopeGroups: 'scopeMetrics',
  records: 'metrics',
};
const TEMPORALITIES = ['UNSPECIFIED', 'DELTA', 'CUMULATIVE'];
const dataKeys: [string, MetricFacts['type']][] = [
  ['gauge', 'gauge'],
  ['sum', 'sum'],
  ['histogram', 'histogram'],
  ['exponentialHistogram', 'exponential_histogram'],
  ['summary', 'summary'],
];

/**
 * Decodes an `ExportMetricsServiceRequest` in OTLP/JSON into one record a data point.
 * @throws {TelemetryError} code `INVALID_OTLP`, naming the JSON path
 */
export function decodeJsonMetrics(body: Uint8Array, limits: DecodeLimits): DecodedRequest {
  const envelope = new JsonEnvelope(KEYS, limits);
  const batch = emptyBatch();
  const rejections = new Rejections();
  envelope.each(body, (item, origin) => {
    eachPoint(envelope, item, origin, (metric, point) => {
      envelope.budget.takeRecord();
      const draft = readJsonPoint(envelope, metric.type, point);
      if (isEmptyPoint(draft)) return;
      const problem = pointProblem(metric, draft);
      if (problem === undefined) batch.metricPoints.push(finishPoint(metric, draft));
      else rejections.add(problem);
    });
  });
  return { signal: 'metrics', batch, rejected: rejections.count, message: rejections.message('metrics') };
}

function eachPoint(
  { reader }: JsonEnvelope,
  item: JsonObject,
  origin: Origin,
  read: (metric: MetricFacts, point: JsonObject) => void,
): void {
  const common = {
    name: reader.string(item, 'name'),
    description: reader.string(item, 'description'),
    unit: reader.string(item, 'unit'),
    serviceName: origin.serviceName,
    scopeName: origin.scopeName,
    resource: origin.resource,
  };
  for (const [key, type] of dataKeys) {
    reader.child(item, key, (data) => {
      const accumulates = type !== 'gauge' && type !== 'summary';
      const temporality = accumulates ? temporalityOf(temporalityNumber(data)) : '';
      const monotonic = type === 'sum' && reader.boolean(data, 'isMonotonic');
      const metric: MetricFacts = { ...common, type, temporality, monotonic };
      reader.each(data, 'dataPoints', (point) => read(metric, point));
    });
  }

  function temporalityNumber(data: JsonObject): number {
    return reader.enumNumber(data, 'aggregationTemporality', 'AGGREGATION_TEMPORALITY_', TEMPORALITIES);
  }
}
