import type { Correlation, Log, MetricQueryResult, Span, Trace } from '@crmbet/telemetry';
import picocolors from 'picocolors';
import { describe, expect, test } from 'vitest';
import type { Style } from '../output.ts';
import { renderCorrelation } from './correlation.ts';
import { renderLogs } from './logs.ts';
import { renderMetricList, renderMetricSeries } from './metrics.ts';
import { renderTrace } from './trace.ts';
import { renderTraces } from './traces.ts';

process.env['TZ'] = 'UTC';

const plain = (width?: number): Style => ({ width, colors: picocolors.createColors(false) });
const start = 1_767_225_600_000_000_000n;
const at = (ms: number) => String(start + BigInt(ms * 1e6));
const traceId = '5b8efff798038103d269b633813fc60c';

function span(
  spanId: string,
  parentSpanId: string,
  name: string,
  startMs: number,
  durationMs: number,
  more: Partial<Span> = {},
): Span {
  return {
    traceId,
    spanId,
    parentSpanId,
    name,
    kind: 'internal',
    serviceName: 'backend',
    scopeName: '',
    startTimeUnixNano: at(startMs),
    endTimeUnixNano: at(startMs + durationMs),
    durationMs,
    status: 'unset',
    statusMessage: '',
    correlationId: 'req-1',
    attributes: {},
    resource: {},
    events: [],
    links: [],
    ...more,
  };
}

function log(ms: number, body: string, more: Partial<Log> = {}): Log {
  return {
    timeUnixNano: at(ms),
    level: 'info',
    severityText: 'info',
    body,
    serviceName: 'backend',
    scopeName: '',
    traceId,
    spanId: 'b',
    correlationId: 'req-1',
    attributes: {},
    resource: {},
    ...more,
  };
}

const failed = span('c', 'b', 'SELECT users', 30, 60, {
  status: 'error',
  statusMessage: 'timeout',
  events: [
    {
      name: 'exception',
      timeUnixNano: at(89),
      attributes: { 'exception.type': 'DatabaseError', 'exception.message': 'canceled: timeout' },
    },
  ],
});
const trace: Trace = {
  traceId,
  startTimeUnixNano: at(0),
  durationMs: 120,
  services: ['backend', 'gateway'],
  spans: [
    span('a', '', 'GET /users/:id', 0, 120, { serviceName: 'gateway', kind: 'server' }),
    span('b', 'a', 'handler', 10, 100),
    failed,
    span('d', 'b', 'render', 95, 10),
    span('e', 'a', 'log access', 115, 0.4),
    span('f', 'lost', 'from elsewhere', 118, 1),
  ],
  truncated: false,
};

describe('a trace', () => {
  test('as a tree with its errors and logs, in full where nothing limits the width', () => {
    const logs = [log(35, 'looking up\nuser 7'), log(91, 'user 7: timeout', { level: 'error', spanId: 'c' })];
    expect(renderTrace(trace, logs, plain())).toMatchInlineSnapshot(`
      "Trace 5b8efff798038103d269b633813fc60c
      2026-01-01 00:00:00.000  120 ms  6 spans  1 error  backend, gateway
      Correlation ID req-1

      SPAN                                         SERVICE    START  DURATION
      GET /users/:id                               gateway    +0 µs    120 ms  ████████████████████████
      ├─ handler                                   backend   +10 ms    100 ms  ··████████████████████··
      │  ├─ SELECT users                           backend   +30 ms     60 ms  ······████████████······
      │  │     ✗ DatabaseError: canceled: timeout
      │  └─ render                                 backend   +95 ms     10 ms  ···················██···
      └─ log access                                backend  +115 ms    400 µs  ·······················█
      from elsewhere (its parent is not stored)    backend  +118 ms      1 ms  ·······················█

        LOGS  LEVEL  SERVICE  MESSAGE            IN SPAN
      +35 ms  info   backend  looking up⏎user 7  handler
      +91 ms  error  backend  user 7: timeout    SELECT users"
    `);
  });

  test('on a terminal of 60 columns', () => {
    const text = renderTrace(trace, [], plain(60));
    expect(
      Math.max(
        ...text
          .split('\n')
          .slice(4)
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(60);
    expect(text).toMatchInlineSnapshot(`
      "Trace 5b8efff798038103d269b633813fc60c
      2026-01-01 00:00:00.000  120 ms  6 spans  1 error  backend, gateway
      Correlation ID req-1

      SPAN                              SERVICE    START  DURATION
      GET /users/:id                    gateway    +0 µs    120 ms
      ├─ handler                        backend   +10 ms    100 ms
      │  ├─ SELECT users                backend   +30 ms     60 ms
      │  │     ✗ DatabaseError: cance…
      │  └─ render                      backend   +95 ms     10 ms
      └─ log access                     backend  +115 ms    400 µs
      from elsewhere (its parent is n…  backend  +118 ms      1 ms"
    `);
  });

  test('with colours says what failed in red', () => {
    const text = renderTrace(trace, [], { width: undefined, colors: picocolors.createColors(true) });
    expect(text).toContain('\u{1b}[31mSELECT users\u{1b}[39m');
    expect(text).not.toContain('\u{1b}[31mrender');
  });
});

test('a list of traces', () => {
  const text = renderTraces(
    [
      {
        traceId,
        rootService: 'gateway',
        rootName: 'GET /users/:id',
        startTimeUnixNano: at(0),
        durationMs: 1234.5,
        spanCount: 6,
        errorCount: 1,
        services: ['gateway'],
        correlationId: 'req-1',
      },
    ],
    plain(),
  );
  expect(text).toMatchInlineSnapshot(`
    "STARTED                  TRACE ID                          SERVICE  NAME            DURATION  SPANS  ERRORS  CORRELATION ID
    2026-01-01 00:00:00.000  5b8efff798038103d269b633813fc60c  gateway  GET /users/:id    1.23 s      6       1  req-1"
  `);
});

describe('log records', () => {
  test('as a table', () => {
    expect(renderLogs([log(5, 'hello'), log(6, 'careful', { level: 'warn' })], plain())).toMatchInlineSnapshot(`
      "TIME                     LEVEL  SERVICE  MESSAGE  CORRELATION ID  TRACE ID
      2026-01-01 00:00:00.005  info   backend  hello    req-1           5b8efff798038103d269b633813fc60c
      2026-01-01 00:00:00.006  warn   backend  careful  req-1           5b8efff798038103d269b633813fc60c"
    `);
  });

  test('cannot drive the terminal', () => {
    const text = renderLogs([log(5, 'a\u{1b}[2Jb\u{7}c\r\nd\u{9b}31me\u{202e}f')], plain());
    expect(text.split('\n')).toHaveLength(2);
    expect(text).toMatch(/ab\u{fffd}c⏎d.*e\u{fffd}f/u);
  });

  test('wide characters keep the columns in line', () => {
    const text = renderLogs([log(5, '支付失败'), log(6, 'x')], plain());
    expect(text.split('\n').slice(1)).toEqual([
      `2026-01-01 00:00:00.005  info   backend  支付失败  req-1           ${traceId}`,
      `2026-01-01 00:00:00.006  info   backend  x         req-1           ${traceId}`,
    ]);
  });
});

describe('metrics', () => {
  test('as a list', () => {
    const text = renderMetricList(
      [
        {
          name: 'http_requests_total',
          description: 'Total number of HTTP requests',
          unit: '',
          type: 'sum',
          monotonic: true,
          labels: ['method', 'route'],
          services: ['backend'],
          seriesCount: 3,
        },
      ],
      plain(),
    );
    expect(text).toMatchInlineSnapshot(`
      "METRIC               TYPE     SERIES  SERVICES  LABELS         DESCRIPTION
      http_requests_total  counter       3  backend   method, route  Total number of HTTP requests"
    `);
  });

  test('as series', () => {
    const startMs = Number(start / 1_000_000n);
    const result: MetricQueryResult = {
      name: 'http_requests_total',
      unit: '',
      type: 'sum',
      aggregation: 'rate',
      series: [
        { labels: { route: '/users/:id' }, points: [1, 2, 4, 8].map((value, i) => [startMs + i * 5000, value]) },
        { labels: {}, points: [[startMs, 12_345.678]] },
      ],
    };
    expect(renderMetricSeries(result, { how: 'rate', unit: '1/s' }, plain())).toMatchInlineSnapshot(`
      "http_requests_total  sum, rate in 1/s, 2026-01-01 00:00:00.000 to 2026-01-01 00:00:15.000

      SERIES                    LAST     MIN    MEAN     MAX
      route=/users/:id  ▁▂▄█       8       1    3.75       8
      (all)             ▁     12.35k  12.35k  12.35k  12.35k"
    `);
  });
});

test('everything about an ID', () => {
  const correlation: Correlation = {
    id: 'req-1',
    idType: 'correlation',
    traceIds: [traceId],
    correlationIds: ['req-1'],
    spanCount: 1,
    logCount: 1,
    metricCount: 1,
    timeline: [
      {
        kind: 'span',
        timeUnixNano: at(0),
        serviceName: 'backend',
        summary: 'SELECT users',
        durationMs: 60,
        span: failed,
      },
      { kind: 'log', timeUnixNano: at(2), serviceName: 'backend', summary: 'hello', log: log(2, 'hello') },
      {
        kind: 'metric',
        timeUnixNano: at(61),
        serviceName: 'backend',
        summary: '',
        metric: {
          name: 'db_query_duration_seconds',
          serviceName: 'backend',
          labels: { table: 'users' },
          via: 'exemplar',
          timeUnixNano: at(61),
          value: 0.06,
          traceId,
          spanId: 'c',
        },
      },
    ],
    truncated: false,
  };
  expect(renderCorrelation(correlation, plain())).toMatchInlineSnapshot(`
    "Correlation ID req-1
    2026-01-01 00:00:00.000  1 span  1 log record  1 metric series
    Traces 5b8efff798038103d269b633813fc60c

      TIME  WHAT    SERVICE  SUMMARY                                              VALUE
     +0 µs  span    backend  SELECT users                                         60 ms
     +2 ms  info    backend  hello
    +61 ms  metric  backend  db_query_duration_seconds table=users (by exemplar)   0.06"
  `);
});
