import type { Correlation, Log, Span, TimelineEntry } from '@crmbet/telemetry';
import { expect, it } from 'vitest';
import { judge, type SentRequest } from './check.ts';
import { formatFindings } from './table.ts';

const request: SentRequest = { correlationId: 'demo-1', madeBy: 'client' };
const traceId = 'a'.repeat(32);
const about = { timeUnixNano: '1', serviceName: 'crmbet-backend', summary: '' };

function span(name: string, changes: Partial<Span>): TimelineEntry {
  const fields: Partial<Span> = { name, traceId, correlationId: 'demo-1', attributes: {}, ...changes };
  return { ...about, kind: 'span', durationMs: 1, span: fields as Span };
}

function log(body: string, changes: Partial<Log> = {}): TimelineEntry {
  return { ...about, kind: 'log', log: { body, traceId, level: 'info', ...changes } as Log };
}

function metric(name: string): TimelineEntry {
  const labels = {};
  const where = { traceId, spanId: 'b'.repeat(16), timeUnixNano: '1', serviceName: 'crmbet-backend' };
  return { ...about, kind: 'metric', metric: { name, labels, via: 'exemplar', value: 1, ...where } };
}

const server = span('POST /api/predictions/:modelType', {
  kind: 'server',
  attributes: { 'http.route': '/api/predictions/:modelType' },
});
const statement = span('SELECT users', { kind: 'client', attributes: { 'db.system.name': 'postgresql' } });
const lines = [log('ML prediction generated'), log('API call')];
const metrics = [metric('http_requests_total'), metric('ml_prediction_latency_seconds')];

function correlation(timeline: TimelineEntry[], traceIds = [traceId]): Correlation {
  const counts = { spanCount: 0, logCount: 0, metricCount: 0, truncated: false };
  return { id: 'demo-1', idType: 'correlation', traceIds, correlationIds: ['demo-1'], ...counts, timeline };
}

it('misses nothing when all is there', () => {
  const finding = judge(request, correlation([server, statement, statement, ...lines, ...metrics]));
  expect(finding.missing).toEqual([]);
  expect(formatFindings([finding])).toBe(
    [
      'Correlation ID demo-1 (made by the client): all found',
      `  traces       1  ${traceId}`,
      '  spans        3  POST /api/predictions/:modelType, SELECT users ×2',
      '  log lines    2  info ML prediction generated, info API call',
      '  metrics      2  http_requests_total, ml_prediction_latency_seconds',
      '',
    ].join('\n'),
  );
});

it.each([
  ['exactly one trace', correlation([server, statement, ...lines, ...metrics], [traceId, 'c'.repeat(32)])],
  ['the span of the request', correlation([statement, ...lines, ...metrics])],
  ['a span of the database', correlation([server, ...lines, ...metrics])],
  [
    'the correlation ID on every span',
    correlation([server, statement, span('x', { correlationId: '' }), ...lines, ...metrics]),
  ],
  ['the log line "ML prediction generated"', correlation([server, statement, log('API call'), ...metrics])],
  ['the trace ID on every log line', correlation([server, statement, ...lines, log('x', { traceId: '' }), ...metrics])],
  [
    'the metric http_requests_total',
    correlation([server, statement, ...lines, metric('ml_prediction_latency_seconds')]),
  ],
  [
    'the metric ml_prediction_latency_seconds',
    correlation([server, statement, ...lines, metric('http_requests_total')]),
  ],
])('says that it misses %s', (what, found) => {
  const finding = judge(request, found);
  expect(finding.missing).toEqual([expect.stringContaining(what)]);
  expect(formatFindings([finding])).toContain(`MISSING: ${what}`);
});
