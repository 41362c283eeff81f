/** Believable telemetry of the CRM as OTLP/JSON, the same for the same seed, to look at in the web UI. */

interface KeyValue {
  key: string;
  value: { stringValue: string } | { intValue: string } | { doubleValue: number } | { boolValue: boolean };
}

export interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: KeyValue[];
  events: { name: string; timeUnixNano: string; attributes: KeyValue[] }[];
  links: { traceId: string; spanId: string; attributes: KeyValue[] }[];
  status: { code: number; message: string };
}

export interface OtlpLog {
  timeUnixNano: string;
  observedTimeUnixNano: string;
  severityNumber: number;
  severityText: string;
  body: { stringValue: string };
  traceId: string;
  spanId: string;
  attributes: KeyValue[];
}

export interface Scope<T> {
  service: string;
  records: T[];
}

export interface Telemetry {
  spans: Scope<OtlpSpan>[];
  logs: Scope<OtlpLog>[];
  metrics: Scope<object>[];
}

type Plain = Record<string, string | number | boolean>;

export function attributes(plain: Plain): KeyValue[] {
  return Object.entries(plain).map(([key, value]): KeyValue => {
    if (typeof value === 'string') return { key, value: { stringValue: value } };
    if (typeof value === 'boolean') return { key, value: { boolValue: value } };
    return { key, value: Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value } };
  });
}

/** Random numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const nanos = (ms: number): string => String(BigInt(Math.round(ms * 1000)) * 1000n);

/** Collects spans and logs of one trace; times are milliseconds from its start. */
export class TraceWriter {
  readonly spans = new Map<string, OtlpSpan[]>();
  readonly logs = new Map<string, OtlpLog[]>();
  readonly traceId: string;
  readonly correlationId: string;
  private readonly startMs: number;
  private readonly next: () => number;

  constructor(startMs: number, correlationId: string, next: () => number) {
    this.startMs = startMs;
    this.correlationId = correlationId;
    this.next = next;
    this.traceId = this.hex(32);
  }

  private hex(digits: number): string {
    return Array.from({ length: digits }, () => Math.floor(this.next() * 16).toString(16)).join('');
  }

  span(span: {
    service: string;
    name: string;
    parent?: string;
    kind?: number;
    at: number;
    ms: number;
    attributes?: Plain;
    error?: string;
    exception?: string;
    link?: { traceId: string; spanId: string };
  }): string {
    const spanId = this.hex(16);
    const endMs = this.startMs + span.at + span.ms;
    const exception = {
      'exception.type': 'Error',
      'exception.message': span.error ?? '',
      'exception.stacktrace': span.exception ?? '',
    };
    const list = this.spans.get(span.service) ?? [];
    list.push({
      traceId: this.traceId,
      spanId,
      parentSpanId: span.parent ?? '',
      name: span.name,
      kind: span.kind ?? 1,
      startTimeUnixNano: nanos(this.startMs + span.at),
      endTimeUnixNano: nanos(endMs),
      attributes: attributes({ ...span.attributes, 'correlation.id': this.correlationId }),
      events:
        span.exception === undefined
          ? []
          : [{ name: 'exception', timeUnixNano: nanos(endMs), attributes: attributes(exception) }],
      links: span.link === undefined ? [] : [{ ...span.link, attributes: [] }],
      status: span.error === undefined ? { code: 0, message: '' } : { code: 2, message: span.error },
    });
    this.spans.set(span.service, list);
    return spanId;
  }

  log(
    service: string,
    spanId: string,
    at: number,
    level: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR',
    body: string,
    fields: Plain = {},
  ): void {
    const severityNumber = { DEBUG: 5, INFO: 9, WARN: 13, ERROR: 17 }[level];
    const timeUnixNano = nanos(this.startMs + at);
    const list = this.logs.get(service) ?? [];
    list.push({
      timeUnixNano,
      observedTimeUnixNano: timeUnixNano,
      severityNumber,
      severityText: level,
      body: { stringValue: body },
      traceId: this.traceId,
      spanId,
      attributes: attributes({ ...fields, correlationId: this.correlationId }),
    });
    this.logs.set(service, list);
  }
}

const resource = (service: string): object => ({
  attributes: attributes({
    'service.name': service,
    'service.version': '1.4.0',
    'host.name': 'crm-1',
    'process.pid': 4211,
  }),
});
const scope = { name: '@opentelemetry/instrumentation-http', version: '0.223.0' };

/** The bodies of the three OTLP/HTTP requests; a signal without records has none. */
export function otlpBodies({ spans, logs, metrics }: Telemetry): { path: string; body: object }[] {
  return [
    {
      path: '/v1/traces',
      body: {
        resourceSpans: spans.map((one) => ({
          resource: resource(one.service),
          scopeSpans: [{ scope, spans: one.records }],
        })),
      },
    },
    {
      path: '/v1/logs',
      body: {
        resourceLogs: logs.map((one) => ({
          resource: resource(one.service),
          scopeLogs: [{ scope, logRecords: one.records }],
        })),
      },
    },
    {
      path: '/v1/metrics',
      body: {
        resourceMetrics: metrics.map((one) => ({
          resource: resource(one.service),
          scopeMetrics: [{ scope, metrics: one.records }],
        })),
      },
    },
  ].filter(({ body }) => Object.values(body).some((list) => Array.isArray(list) && list.length > 0));
}

export function telemetryOf(writers: readonly TraceWriter[], metrics: Scope<object>[] = []): Telemetry {
  return {
    spans: writers.flatMap((one) => [...one.spans].map(([service, records]) => ({ service, records }))),
    logs: writers.flatMap((one) => [...one.logs].map(([service, records]) => ({ service, records }))),
    metrics,
  };
}
