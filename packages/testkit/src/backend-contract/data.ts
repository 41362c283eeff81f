import { type ContractBatch, type ContractLog, type ContractPoint, type ContractSpan } from './types.ts';

/** A full minute some minutes ago: engines with retention must take it, and every step of 10 s begins on a round number. */
export const BASE_MS = Math.floor(Date.now() / 60_000) * 60_000 - 600_000;

/** Nanoseconds at `ms` after {@link BASE_MS}. */
export const at = (ms: number): bigint => BigInt(BASE_MS) * 1_000_000n + BigInt(Math.round(ms * 1e6));

export const TRACE = {
  checkout: 'a1'.repeat(16),
  user: 'b2'.repeat(16),
  payment: 'c3'.repeat(16),
  orphan: 'd4'.repeat(16),
} as const;
export const SPAN = {
  checkout: '1'.repeat(16),
  charge: '2'.repeat(16),
  select: '3'.repeat(16),
  user: '4'.repeat(16),
} as const;

const resourceOf = (serviceName: string, instance = '1'): string =>
  JSON.stringify({
    'service.name': serviceName,
    'service.instance.id': `${serviceName}-${instance}`,
    'deployment.environment.name': 'test',
  });

export function span(
  fields: Partial<ContractSpan> & Pick<ContractSpan, 'traceId' | 'spanId' | 'name' | 'serviceName'>,
  startMs: number,
  durationMs: number,
): ContractSpan {
  return {
    parentSpanId: '',
    kind: 2,
    startTimeUnixNano: at(startMs),
    endTimeUnixNano: at(startMs + durationMs),
    statusCode: 0,
    statusMessage: '',
    correlationId: '',
    scopeName: 'contract',
    attributes: '{}',
    resource: resourceOf(fields.serviceName),
    events: '[]',
    links: '[]',
    ...fields,
  };
}

const spans: ContractSpan[] = [
  span({ traceId: TRACE.checkout, spanId: SPAN.select, parentSpanId: SPAN.charge, name: 'SELECT orders', serviceName: 'orders', kind: 3, correlationId: 'order-42',
    attributes: JSON.stringify({ 'db.system.name': 'postgresql', 'db.operation.name': 'SELECT', 'db.collection.name': 'orders' }) }, 30, 15),
  span({ traceId: TRACE.checkout, spanId: SPAN.checkout, name: 'POST /orders', serviceName: 'web', correlationId: 'order-42',
    attributes: JSON.stringify({ 'http.request.method': 'POST', 'http.route': '/orders', 'http.response.status_code': 502, retried: true, note: 'say "ü" \\ %_' }),
    events: JSON.stringify([{ name: 'exception', timeUnixNano: String(at(90)), attributes: { 'exception.type': 'CardDeclined' } }]),
    links: JSON.stringify([{ traceId: TRACE.payment, spanId: '9'.repeat(16), attributes: { why: 'follows' } }]) }, 0, 120),
  span({ traceId: TRACE.checkout, spanId: SPAN.charge, parentSpanId: SPAN.checkout, name: 'POST /charge', serviceName: 'orders', statusCode: 2, statusMessage: 'card declined', correlationId: 'order-42' }, 20, 80),
  span({ traceId: TRACE.user, spanId: SPAN.user, name: 'GET /users/:id', serviceName: 'web', statusCode: 1, correlationId: 'user-7',
    attributes: JSON.stringify({ 'http.request.method': 'GET', 'http.route': '/users/:id', 'http.response.status_code': 200, 'service.instance.id': 'own' }) }, 1000, 20),
  span({ traceId: TRACE.payment, spanId: '5'.repeat(16), name: 'process payments', serviceName: 'worker', kind: 5, correlationId: 'order-42' }, 2000, 500),
  span({ traceId: TRACE.orphan, spanId: '6'.repeat(16), parentSpanId: '7'.repeat(16), name: 'late child', serviceName: 'worker', kind: 1 }, 3000, 1),
]; // prettier-ignore

export function log(
  fields: Partial<ContractLog> & Pick<ContractLog, 'body' | 'serviceName' | 'severityNumber'>,
  atMs: number,
): ContractLog {
  return {
    timeUnixNano: at(atMs),
    observedTimeUnixNano: at(atMs + 1),
    severityText: '',
    traceId: '',
    spanId: '',
    correlationId: '',
    scopeName: 'contract',
    attributes: '{}',
    resource: resourceOf(fields.serviceName),
    ...fields,
  };
}

const logs: ContractLog[] = [
  log({ body: 'Order ACCEPTED: 100% sure', serviceName: 'web', severityNumber: 9, severityText: 'info', traceId: TRACE.checkout, spanId: SPAN.checkout, correlationId: 'order-42', attributes: JSON.stringify({ userId: 7, 'order.id': 'o-1' }) }, 10),
  log({ body: 'Card declined for Jörg', serviceName: 'orders', severityNumber: 17, severityText: 'error', traceId: TRACE.checkout, spanId: SPAN.charge, correlationId: 'order-42', attributes: JSON.stringify({ userId: 7 }) }, 95),
  log({ body: 'user loaded', serviceName: 'web', severityNumber: 5, severityText: 'debug', traceId: TRACE.user, spanId: SPAN.user, correlationId: 'user-7' }, 1005),
  log({ body: 'order archived', serviceName: 'archive', severityNumber: 13, severityText: 'warn', correlationId: 'order-42' }, 4000),
  log({ body: 'no severity at all', serviceName: 'archive', severityNumber: 0, timeUnixNano: 0n, observedTimeUnixNano: at(5000) }, 5000),
]; // prettier-ignore

function point(fields: Partial<ContractPoint> & Pick<ContractPoint, 'name' | 'type'>, atMs: number): ContractPoint {
  return {
    description: `${fields.name} of the contract`,
    unit: '1',
    temporality: fields.type === 'gauge' ? '' : 'cumulative',
    monotonic: fields.type !== 'gauge',
    startTimeUnixNano: at(0),
    timeUnixNano: at(atMs),
    serviceName: 'web',
    scopeName: 'contract',
    attributes: '{}',
    resource: resourceOf(fields.serviceName ?? 'web'),
    value: 0,
    count: 0,
    sum: 0,
    explicitBounds: '[]',
    bucketCounts: '[]',
    detail: '{}',
    exemplars: [],
    ...fields,
  };
}

const ORDERS_LABELS = JSON.stringify({ method: 'POST', route: '/orders', status_code: '502' });
const USERS_LABELS = JSON.stringify({ method: 'GET', route: '/users/:id', status_code: '200' });

/** Requests every 10 s of two series; that of `/orders` restarts after 20 s with a new start time, that of `/users/:id` falls without one. */
const counters: ContractPoint[] = [
  ...[10, 30, 5, 25].map((value, index) =>
    point({ name: 'http_requests_total', type: 'sum', value, attributes: ORDERS_LABELS, startTimeUnixNano: index < 2 ? at(0) : at(20_000) }, (index + 1) * 10_000),
  ),
  ...[100, 200, 40, 60].map((value, index) => point({ name: 'http_requests_total', type: 'sum', value, attributes: USERS_LABELS }, (index + 1) * 10_000)),
]; // prettier-ignore

const others: ContractPoint[] = [
  ...[3, 7].map((value, index) =>
    point({ name: 'queue_depth', type: 'gauge', unit: '{message}', value, serviceName: 'worker', resource: resourceOf('worker', '1'),
      exemplars: [{ timeUnixNano: at(2100 + index), value, traceId: TRACE.payment, spanId: '5'.repeat(16), correlationId: 'order-42' }] }, (index + 1) * 10_000),
  ),
  ...[5, 1].map((value, index) => point({ name: 'queue_depth', type: 'gauge', unit: '{message}', value, serviceName: 'worker', resource: resourceOf('worker', '2') }, (index + 1) * 10_000)),
  ...[4, 6].map((value, index) => point({ name: 'jobs_done', type: 'sum', temporality: 'delta', value, startTimeUnixNano: at(index * 10_000) }, (index + 1) * 10_000)),
  ...[2, 1].map((value, index) => point({ name: 'jobs_open', type: 'sum', monotonic: false, value }, (index + 1) * 10_000)),
  ...[[4, 4, 2, 0], [4, 14, 12, 0]].map((counts, index) =>
    point({ name: 'http_request_duration_seconds', type: 'histogram', unit: 's', attributes: ORDERS_LABELS, explicitBounds: '[0.1,0.5,1]', bucketCounts: JSON.stringify(counts),
      count: counts.reduce((a, b) => a + b), sum: index === 0 ? 3 : 13,
      exemplars: [{ timeUnixNano: at(100), value: 0.12000000000000069, traceId: TRACE.checkout, spanId: SPAN.checkout, correlationId: 'order-42' }] }, (index + 1) * 10_000),
  ),
]; // prettier-ignore

/** Four traces (two of them of one correlation ID), five log records and five metrics; the spans are not in time order. */
export const contractBatch: ContractBatch = { spans, logs, metricPoints: [...counters, ...others] };
