import type { ExportRequest, KeyValue, LogMessage, Scope, SpanMessage } from './otlp-messages.ts';
import { flattenMetric, type ReceivedMetricPoint } from './otlp-flatten-metrics.ts';
import {
  flattenAttributes,
  flattenValue,
  hex,
  type ReceivedAttributes,
  type ReceivedOrigin,
  type ReceivedValue,
} from './otlp-values.ts';

export interface ReceivedSpan extends ReceivedOrigin {
  /** 32 hexadecimal digits. */
  traceId: string;
  /** 16 hexadecimal digits. */
  spanId: string;
  /** Empty for a root span. */
  parentSpanId: string;
  traceState: string;
  name: string;
  kind: 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  startTimeUnixNano: bigint;
  endTimeUnixNano: bigint;
  durationMs: number;
  status: 'unset' | 'ok' | 'error';
  statusMessage: string;
  attributes: ReceivedAttributes;
  droppedAttributesCount: number;
  events: { name: string; timeUnixNano: bigint; attributes: ReceivedAttributes }[];
  links: { traceId: string; spanId: string; attributes: ReceivedAttributes }[];
}

export interface ReceivedLog extends ReceivedOrigin {
  timeUnixNano: bigint;
  observedTimeUnixNano: bigint;
  severityNumber: number;
  severityText: string;
  eventName: string;
  /** `null` when the record has no body. */
  body: ReceivedValue;
  /** Empty when the record belongs to no trace. */
  traceId: string;
  spanId: string;
  attributes: ReceivedAttributes;
}

export interface ReceivedBatch {
  spans: ReceivedSpan[];
  logs: ReceivedLog[];
  metrics: ReceivedMetricPoint[];
}

const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const statuses = ['unset', 'ok', 'error'] as const;

/** One flat object for every span, log record and metric data point of an export request. */
export function flattenRequest(request: ExportRequest): ReceivedBatch {
  return {
    spans: (request.resourceSpans ?? []).flatMap(({ resource, scopeSpans = [] }) =>
      scopeSpans.flatMap(({ scope, spans = [] }) => spans.map((span) => flattenSpan(span, origin(resource, scope)))),
    ),
    logs: (request.resourceLogs ?? []).flatMap(({ resource, scopeLogs = [] }) =>
      scopeLogs.flatMap(({ scope, logRecords = [] }) =>
        logRecords.map((log) => flattenLog(log, origin(resource, scope))),
      ),
    ),
    metrics: (request.resourceMetrics ?? []).flatMap(({ resource, scopeMetrics = [] }) =>
      scopeMetrics.flatMap(({ scope, metrics = [] }) =>
        metrics.flatMap((metric) => flattenMetric(metric, origin(resource, scope))),
      ),
    ),
  };
}

function origin(resource: { attributes?: KeyValue[] } | undefined, scope: Scope | undefined): ReceivedOrigin {
  const attributes = flattenAttributes(resource?.attributes);
  const serviceName = attributes['service.name'];
  return {
    resource: attributes,
    serviceName: typeof serviceName === 'string' ? serviceName : '',
    scopeName: scope?.name ?? '',
    scopeVersion: scope?.version ?? '',
  };
}

function flattenSpan(span: SpanMessage, from: ReceivedOrigin): ReceivedSpan {
  const start = BigInt(span.startTimeUnixNano ?? 0);
  const end = BigInt(span.endTimeUnixNano ?? 0);
  return {
    ...from,
    traceId: hex(span.traceId),
    spanId: hex(span.spanId),
    parentSpanId: hex(span.parentSpanId),
    traceState: span.traceState ?? '',
    name: span.name ?? '',
    kind: kinds[span.kind ?? 0] ?? 'unspecified',
    startTimeUnixNano: start,
    endTimeUnixNano: end,
    durationMs: Number(end - start) / 1e6,
    status: statuses[span.status?.code ?? 0] ?? 'unset',
    statusMessage: span.status?.message ?? '',
    attributes: flattenAttributes(span.attributes),
    droppedAttributesCount: span.droppedAttributesCount ?? 0,
    events: (span.events ?? []).map((event) => ({
      name: event.name ?? '',
      timeUnixNano: BigInt(event.timeUnixNano ?? 0),
      attributes: flattenAttributes(event.attributes),
    })),
    links: (span.links ?? []).map((link) => ({
      traceId: hex(link.traceId),
      spanId: hex(link.spanId),
      attributes: flattenAttributes(link.attributes),
    })),
  };
}

function flattenLog(log: LogMessage, from: ReceivedOrigin): ReceivedLog {
  return {
    ...from,
    timeUnixNano: BigInt(log.timeUnixNano ?? 0),
    observedTimeUnixNano: BigInt(log.observedTimeUnixNano ?? 0),
    severityNumber: log.severityNumber ?? 0,
    severityText: log.severityText ?? '',
    eventName: log.eventName ?? '',
    body: flattenValue(log.body),
    traceId: hex(log.traceId),
    spanId: hex(log.spanId),
    attributes: flattenAttributes(log.attributes),
  };
}
