import { randomBytes } from 'node:crypto';
import { DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import { type LogRecord, type MetricPointRecord, type SpanRecord, type TelemetryBatch } from '../model.ts';

const RESOURCE = JSON.stringify({
  'service.name': 'crm-backend',
  'service.version': '1.0.0',
  'service.instance.id': 'a',
});

/** A span of a trace of its own. */
export function makeSpan(fields: Partial<SpanRecord> = {}): SpanRecord {
  const start = fields.startTimeUnixNano ?? BigInt(Date.now()) * 1_000_000n;
  return {
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    parentSpanId: '',
    name: 'GET /api/users/:id',
    kind: 2,
    startTimeUnixNano: start,
    endTimeUnixNano: start + 5_000_000n,
    statusCode: 0,
    statusMessage: '',
    serviceName: 'crm-backend',
    correlationId: '',
    scopeName: 'test',
    attributes: JSON.stringify({
      'http.request.method': 'GET',
      'url.path': `/api/users/${randomBytes(8).toString('hex')}`,
    }),
    resource: RESOURCE,
    events: '[]',
    links: '[]',
    ...fields,
  };
}

export function makeLog(fields: Partial<LogRecord> = {}): LogRecord {
  const now = BigInt(Date.now()) * 1_000_000n;
  return {
    timeUnixNano: now,
    observedTimeUnixNano: now,
    severityNumber: 9,
    severityText: 'info',
    body: 'a line',
    traceId: '',
    spanId: '',
    serviceName: 'crm-backend',
    correlationId: '',
    scopeName: 'test',
    attributes: '{}',
    resource: RESOURCE,
    ...fields,
  };
}

export function makePoint(fields: Partial<MetricPointRecord> = {}): MetricPointRecord {
  const now = BigInt(Date.now()) * 1_000_000n;
  return {
    name: 'requests_total',
    description: '',
    unit: '1',
    type: 'sum',
    temporality: 'cumulative',
    monotonic: true,
    startTimeUnixNano: now,
    timeUnixNano: now,
    serviceName: 'crm-backend',
    scopeName: 'test',
    attributes: '{}',
    resource: RESOURCE,
    value: 1,
    count: 0,
    sum: 0,
    explicitBounds: '[]',
    bucketCounts: '[]',
    detail: '{}',
    exemplars: [],
    ...fields,
  };
}

export function makeBatch(fields: Partial<TelemetryBatch> = {}): TelemetryBatch {
  return { spans: [], logs: [], metricPoints: [], ...fields };
}

export function spanBatch(count: number, fields: Partial<SpanRecord> = {}): TelemetryBatch {
  return makeBatch({ spans: Array.from({ length: count }, () => makeSpan(fields)) });
}

/** Rows of a closed store's file, read past this package. */
export async function readRows(path: string, sql: string): Promise<DuckDBValue[][]> {
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  const rows = (await connection.runAndReadAll(sql)).getRows();
  connection.closeSync();
  instance.closeSync();
  return rows;
}
