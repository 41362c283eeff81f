import { describe, expect, it } from 'vitest';
import { negotiateFormat } from './negotiate.ts';
import { render } from './render.ts';
import type { MetricSnapshot } from './snapshot.ts';

const at = { startTimeUnixMs: 0, exemplars: [] } as const;

describe('render', () => {
  const families: MetricSnapshot[] = [
    {
      name: 'jobs_total',
      help: 'A "quoted"\nback\\slash',
      unit: '',
      type: 'counter',
      series: [{ ...at, labels: { kind: 'a"b\\c\nd' }, value: 3 }],
    },
    {
      name: 'wait_seconds',
      help: 'Wait',
      unit: 'seconds',
      type: 'histogram',
      bounds: [0.5, 10],
      series: [{ ...at, labels: {}, count: 6, sum: 40.5, bucketCounts: [1, 2, 3] }],
    },
    { name: 'depth', help: 'Depth', unit: '', type: 'gauge', series: [{ ...at, labels: {}, value: -Infinity }] },
  ];

  it('writes the text format', () => {
    expect(render(families, 'text')).toBe(
      [
        '# HELP jobs_total A "quoted"\\nback\\\\slash',
        '# TYPE jobs_total counter',
        'jobs_total{kind="a\\"b\\\\c\\nd"} 3',
        '# HELP wait_seconds Wait',
        '# TYPE wait_seconds histogram',
        'wait_seconds_bucket{le="0.5"} 1',
        'wait_seconds_bucket{le="10"} 3',
        'wait_seconds_bucket{le="+Inf"} 6',
        'wait_seconds_sum 40.5',
        'wait_seconds_count 6',
        '# HELP depth Depth',
        '# TYPE depth gauge',
        'depth -Inf',
        '',
      ].join('\n'),
    );
  });

  it('writes OpenMetrics', () => {
    expect(render(families, 'openmetrics')).toBe(
      [
        '# HELP jobs A \\"quoted\\"\\nback\\\\slash',
        '# TYPE jobs counter',
        'jobs_total{kind="a\\"b\\\\c\\nd"} 3',
        '# HELP wait_seconds Wait',
        '# TYPE wait_seconds histogram',
        '# UNIT wait_seconds seconds',
        'wait_seconds_bucket{le="0.5"} 1',
        'wait_seconds_bucket{le="10.0"} 3',
        'wait_seconds_bucket{le="+Inf"} 6',
        'wait_seconds_sum 40.5',
        'wait_seconds_count 6',
        '# HELP depth Depth',
        '# TYPE depth gauge',
        'depth -Inf',
        '# EOF',
        '',
      ].join('\n'),
    );
  });

  it('joins labels that become one name', () => {
    const series = [{ ...at, labels: { 'http.route': '/a', http_route: '/b', '1st': 'x' }, value: 1 }];
    expect(render([{ name: 'x', help: 'x', unit: '', type: 'gauge', series }], 'text')).toContain(
      'x{http_route="/a;/b",_1st="x"} 1\n',
    );
  });
});

describe('negotiateFormat', () => {
  it.each([
    [undefined, 'text'],
    ['', 'text'],
    ['*/*', 'text'],
    ['text/html', 'text'],
    ['application/openmetrics-text', 'openmetrics'],
    ['application/openmetrics-text; version=1.0.0; charset=utf-8', 'openmetrics'],
    ['application/openmetrics-text; version=2.0.0', 'text'],
    ['application/openmetrics-text;q=0', 'text'],
    ['application/openmetrics-text;q=oops', 'text'],
    ['application/openmetrics-text;q=0.2,text/plain;q=0.5', 'text'],
    [
      'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
      'openmetrics',
    ],
    [
      'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,*/*;q=0.2',
      'openmetrics',
    ],
  ])('%s: %s', (accept, format) => {
    expect(negotiateFormat(accept)).toBe(format);
  });
});
