import {
  JsonMetricsSerializer,
  ProtobufMetricsSerializer,
  type IExportMetricsServiceResponse,
  type ISerializer,
} from '@opentelemetry/otlp-transformer';
import type { ResourceMetrics, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { CORRELATION_ID_ATTRIBUTE } from '@crmbet/correlation';
import type { Exemplar } from '@crmbet/metrics';
import { DOCUMENTED_SCOPE } from './documented.ts';
import { encodeScopeMetrics, exemplarsOf } from './encode-scope.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

type MetricsSerializer = ISerializer<ResourceMetrics, IExportMetricsServiceResponse>;

/**
 * OTLP/protobuf with the exemplars of the documented metrics. The SDK's serializer has no exemplars; it writes what is
 * its own, and the documented scope is appended to the resource: in protobuf, to append fields to a message is to add them.
 */
export const protobufWithExemplars: MetricsSerializer = {
  serializeRequest(metrics) {
    const { documented, others } = split(metrics);
    const request = ProtobufMetricsSerializer.serializeRequest({ ...metrics, scopeMetrics: others });
    if (request === undefined || documented.length === 0) return request;
    const scopes = new ProtobufWriter();
    for (const scope of documented) scopes.tag(2, 2).bytes(encodeScopeMetrics(scope));
    const resource = Buffer.concat([onlyField(request), scopes.finish()]);
    return new ProtobufWriter().tag(1, 2).bytes(resource).finish();
  },
  deserializeResponse: (bytes) => ProtobufMetricsSerializer.deserializeResponse(bytes),
};

/** OTLP/JSON with the exemplars of the documented metrics. */
export const jsonWithExemplars: MetricsSerializer = {
  serializeRequest(metrics) {
    const request = JsonMetricsSerializer.serializeRequest(metrics);
    if (request === undefined) return undefined;
    const json = JSON.parse(Buffer.from(request).toString()) as JsonRequest;
    const [resource] = json.resourceMetrics;
    metrics.scopeMetrics.forEach((scope, index) => {
      if (isDocumented(scope)) addExemplars(scope, resource?.scopeMetrics[index]);
    });
    return Buffer.from(JSON.stringify(json));
  },
  deserializeResponse: (bytes) => JsonMetricsSerializer.deserializeResponse(bytes),
};

interface JsonPoints {
  dataPoints: { exemplars?: unknown[] }[];
}
interface JsonScope {
  metrics: { gauge?: JsonPoints; sum?: JsonPoints; histogram?: JsonPoints }[];
}
interface JsonRequest {
  resourceMetrics: { scopeMetrics: JsonScope[] }[];
}

function isDocumented({ scope }: ScopeMetrics): boolean {
  return scope.name === DOCUMENTED_SCOPE;
}

function split({ scopeMetrics }: ResourceMetrics) {
  return {
    documented: scopeMetrics.filter(isDocumented),
    others: scopeMetrics.filter((scope) => !isDocumented(scope)),
  };
}

/** The content of the one `resource_metrics` field that a request consists of: it begins after tag and length. */
function onlyField(request: Uint8Array): Uint8Array {
  let start = 1;
  while (((request[start] ?? 0) & 0x80) !== 0) start += 1;
  return request.subarray(start + 1);
}

function addExemplars(scope: ScopeMetrics, json: JsonScope | undefined): void {
  scope.metrics.forEach((metric, metricIndex) => {
    const target = json?.metrics[metricIndex];
    const points = (target?.gauge ?? target?.sum ?? target?.histogram)?.dataPoints ?? [];
    metric.dataPoints.forEach((point, pointIndex) => {
      const exemplars = exemplarsOf(point);
      const jsonPoint = points[pointIndex];
      if (jsonPoint && exemplars.length > 0) jsonPoint.exemplars = exemplars.map(toJson);
    });
  });
}

/** 64-bit integers are text in OTLP/JSON, IDs are hexadecimal. */
function toJson({ timeUnixMs, value, traceId, spanId, correlationId }: Exemplar) {
  return {
    timeUnixNano: String(BigInt(Math.round(timeUnixMs * 1000)) * 1000n),
    asDouble: value,
    traceId,
    spanId,
    filteredAttributes:
      correlationId === '' ? [] : [{ key: CORRELATION_ID_ATTRIBUTE, value: { stringValue: correlationId } }],
  };
}
