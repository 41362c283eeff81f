import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runFixture, type Fixture } from '@crmbet/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '@crmbet/testkit';

const bin = fileURLToPath(new URL('../bin/crmbet-otel.mjs', import.meta.url));
const anyPort = ['--http-port', '0', '--grpc-port', '0', '--ui-port', '0'];
const startMs = Date.now() - 60_000;
const nano = (ms: number) => String(BigInt(Math.round(ms * 1000)) * 1000n);
const traceId = '5b8efff798038103d269b633813fc60c';
const string = (key: string, value: string) => ({ key, value: { stringValue: value } });
const resource = { attributes: [string('service.name', 'backend')] };

const spans = [
  ['eee19b7ec3c1b174', '', 'GET /users/:id', 2, 0, 120, { code: 2, message: 'timeout' }],
  ['aaa19b7ec3c1b175', 'eee19b7ec3c1b174', 'SELECT users', 3, 10, 90, {}],
] as const;

const traces = {
  resourceSpans: [
    {
      resource,
      scopeSpans: [
        {
          spans: [
            ...spans.map(([spanId, parentSpanId, name, kind, from, to, status]) => ({
              traceId,
              spanId,
              parentSpanId,
              name,
              kind,
              status,
              startTimeUnixNano: nano(startMs + from),
              endTimeUnixNano: nano(startMs + to),
              attributes: [string('correlation.id', 'req-1'), string('http.route', '/users/:id')],
            })),
            {
              traceId: '00000000000000000000000000000abc',
              spanId: '00000000000000ab',
              name: 'tick',
              startTimeUnixNano: nano(startMs + 500),
              endTimeUnixNano: nano(startMs + 501),
            },
          ],
        },
      ],
    },
  ],
};

const log = (ms: number, severityNumber: number, text: string, more = {}) => ({
  timeUnixNano: nano(startMs + ms),
  severityNumber,
  body: { stringValue: text },
  ...more,
});
const logs = {
  resourceLogs: [
    {
      resource,
      scopeLogs: [
        {
          logRecords: [
            log(20, 9, 'looking up', {
              traceId,
              spanId: spans[1][0],
              attributes: [string('correlationId', 'req-1'), string('userId', '7')],
            }),
            log(95, 17, 'no answer\u{1b}[2J', {
              traceId,
              spanId: spans[0][0],
              attributes: [string('correlationId', 'req-1')],
            }),
            ...Array.from({ length: 5000 }, (_, index) => log(1000 + index, 5, `filler ${index} ${'x'.repeat(100)}`)),
          ],
        },
      ],
    },
  ],
};

const counts = [0, 10, 40];
const metrics = {
  resourceMetrics: [
    {
      resource,
      scopeMetrics: [
        {
          metrics: [
            {
              name: 'http_requests_total',
              description: 'Requests',
              sum: {
                aggregationTemporality: 2,
                isMonotonic: true,
                dataPoints: ['/users/:id', '/orders'].flatMap((route) =>
                  counts.map((count, index) => ({
                    startTimeUnixNano: nano(startMs),
                    timeUnixNano: nano(startMs + index * 10_000),
                    asInt: String(count),
                    attributes: [string('route', route), string('method', 'GET')],
                  })),
                ),
              },
            },
            {
              name: 'http_request_duration_seconds',
              unit: 's',
              histogram: {
                aggregationTemporality: 2,
                dataPoints: counts.map((count, index) => ({
                  startTimeUnixNano: nano(startMs),
                  timeUnixNano: nano(startMs + index * 10_000),
                  count: String(count),
                  sum: count * 0.15,
                  explicitBounds: [0.1, 0.2],
                  bucketCounts: ['0', String(count), '0'],
                  attributes: [string('route', '/users/:id')],
                })),
              },
            },
          ],
        },
      ],
    },
  ],
};

let up: Fixture;
let url: string;
let data: string;

/** Runs the program to its end; standard output is no terminal, time is UTC. */
async function run(args: string[], env: Record<string, string> = {}) {
  const fixture = await runFixture({ file: bin, args, env: { TZ: 'UTC', ...env } });
  const { code } = await fixture.exited;
  return { code, stdout: fixture.stdout, stderr: fixture.stderr };
}

/** The same against the server of these tests. */
function ask(...args: string[]) {
  return run(args, { CRMBET_OTEL_URL: url });
}

async function askJson(...args: string[]): Promise<unknown> {
  const { code, stdout, stderr } = await ask(...args, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

beforeAll(async () => {
  data = join(temporaryFolder(), 'telemetry.duckdb');
  up = await runFixture({ file: bin, args: ['up', '--json', '--data', data, ...anyPort], readyPattern: /"url"/ });
  const line = JSON.parse(up.stdout) as { url: string; endpoints: { http: string } };
  url = line.url;
  for (const [path, body] of Object.entries({ traces, logs, metrics })) {
    const response = await fetch(`${line.endpoints.http}/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (text !== '{}') throw new Error(`${path}: ${response.status} ${text}`);
  }
});

afterAll(() => up.stop());

describe('traces', () => {
  test('as a table, newest first', async () => {
    const { code, stdout, stderr } = await ask('traces', '--since', '10m');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [head, tick, request] = stdout.split('\n');
    expect(head).toMatch(/^STARTED +TRACE ID +SERVICE +NAME +DURATION +SPANS +ERRORS +CORRELATION ID$/);
    expect(tick).toContain('tick');
    expect(request).toMatch(new RegExp(`${traceId} +backend +GET /users/:id +120 ms +2 +1 +req-1$`));
  });

  test.each([
    [['--service', 'backend', '--operation', 'SELECT users'], 1],
    [['--status', 'error'], 1],
    [['--min-duration', '50ms', '--max-duration', '100ms'], 1],
    [['--attribute', 'http.route=/users/:id', '--correlation-id', 'req-1'], 1],
    [['--attribute', 'http.route=/other'], 0],
    [['--until', '10m'], 0],
    [['--limit', '1'], 1],
  ])('%j finds %i', async (filters, found) => {
    expect(await askJson('traces', ...filters)).toEqual({ traces: expect.objectContaining({ length: found }) });
  });

  test('none is a notice, not a failure', async () => {
    expect(await ask('traces', '--service', 'other')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'crmbet-otel: no trace matches.\n',
    });
  });
});

describe('trace', () => {
  test('as a tree with its logs', async () => {
    const { code, stdout } = await ask('trace', traceId.toUpperCase());
    expect(code).toBe(0);
    expect(stdout).toMatch(/^GET \/users\/:id +backend +\+0 µs +120 ms/m);
    expect(stdout).toMatch(/✗ timeout$/m);
    expect(stdout).toMatch(/^└─ SELECT users +backend +\+10 ms +80 ms/m);
    expect(stdout).toMatch(/^ *\+95 ms +error +backend +no answer +GET/m);
  });

  test('as JSON', async () => {
    const { trace, logs: found } = (await askJson('trace', traceId)) as {
      trace: { spans: unknown[] };
      logs: { body: string }[];
    };
    expect(trace.spans).toHaveLength(2);
    expect(found.map(({ body }) => body)).toEqual(['looking up', 'no answer\u{1b}[2J']);
  });

  test('that is not stored', async () => {
    const id = '1'.repeat(32);
    expect(await ask('trace', id)).toEqual({
      code: 1,
      stdout: '',
      stderr: `crmbet-otel: no span of trace ${id} is stored.\n`,
    });
  });
});

describe('logs', () => {
  test.each([
    [['NO ANSWER'], ['no answer']],
    [['--level', 'error'], ['no answer']],
    [
      ['--correlation-id', 'req-1', '--order', 'asc'],
      ['looking up', 'no answer'],
    ],
    [['--trace', traceId, '--field', 'userId=7'], ['looking up']],
    [['--span', spans[0][0]], ['no answer']],
  ])('%j', async (filters, expected) => {
    const found = (await askJson('logs', ...filters)) as { logs: { body: string }[] };
    expect(found.logs.map(({ body }) => body.replace('\u{1b}[2J', ''))).toEqual(expected);
  });

  test('as a table that says when there is more', async () => {
    const { stdout, stderr } = await ask('logs', '--limit', '2');
    expect(stdout.split('\n').slice(1, 3).join('\n')).toMatch(/debug +backend +filler 4999 x.*\n.*filler 4998 x/);
    expect(stderr).toBe('crmbet-otel: these are the newest 2; --limit shows more.\n');
  });

  test('stops without a word when nobody reads on', async () => {
    const child = spawn(process.execPath, [bin, 'logs', '--limit', '5000', '--url', url]);
    const stderr: string[] = [];
    child.stderr.setEncoding('utf8').on('data', (text: string) => stderr.push(text));
    child.stdout.once('data', () => child.stdout.destroy());
    const [code] = (await once(child, 'close')) as [number];
    expect({ code, stderr: stderr.join('') }).toEqual({ code: 0, stderr: '' });
  });
});

describe('metrics', () => {
  test('are listed', async () => {
    const { stdout } = await ask('metrics');
    expect(stdout).toMatch(/^http_requests_total +counter +2 +backend +method, route +Requests$/m);
    expect(stdout).toMatch(/^http_request_duration_seconds +histogram +s +1 /m);
  });

  test('rate by label', async () => {
    const result = await askJson(
      'metrics',
      'http_requests_total',
      '--rate',
      '--by',
      'route',
      '--label',
      'method=GET',
      '--step',
      '10s',
    );
    expect(result).toMatchObject({
      aggregation: 'rate',
      series: [{ labels: { route: '/orders' } }, { labels: { route: '/users/:id' } }],
    });
    const { stdout } = await ask('metrics', 'http_requests_total', '--rate', '--by', 'route');
    expect(stdout).toMatch(/^http_requests_total {2}sum, rate in 1\/s/);
    expect(stdout).toMatch(/^route=\/users\/:id +[▁▂▃▄▅▆▇█]+ +\d/m);
  });

  test('quantile of a histogram', async () => {
    const { series } = (await askJson('metrics', 'http_request_duration_seconds', '--quantile', '0.5')) as {
      series: { points: [number, number][] }[];
    };
    expect(series[0]?.points.at(-1)?.[1]).toBeCloseTo(0.15, 5);
    const { stdout } = await ask('metrics', 'http_request_duration_seconds', '--quantile', '0.5');
    expect(stdout).toMatch(/^http_request_duration_seconds {2}histogram, 0.5 quantile in s/);
  });

  test('a quantile of a counter is wrong usage', async () => {
    const { code, stderr } = await ask('metrics', 'http_requests_total', '--quantile', '0.5');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^crmbet-otel: .*quantile.*\n$/);
  });

  test('one that is not stored, with what may have been meant', async () => {
    const { code, stderr } = await ask('metrics', 'http_request_total');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(
        /^crmbet-otel: no metric http_request_total is stored. Did you mean http_requests_total.*\?\n$/,
      ),
    });
  });
});

describe('correlate', () => {
  test.each(['req-1', traceId, spans[1][0]])('%s', async (id) => {
    const { code, stdout } = await ask('correlate', id);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ *\+0 µs +span +backend +.*GET \/users\/:id/m);
    expect(stdout).toMatch(/^ *\+95 ms +error +backend +no answer$/m);
  });

  test('as JSON', async () => {
    expect(await askJson('correlate', 'req-1')).toMatchObject({
      idType: 'correlation',
      traceIds: [traceId],
      spanCount: 2,
      logCount: 2,
    });
  });

  test('an ID that nothing has', async () => {
    expect(await ask('correlate', 'nothing')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'crmbet-otel: nothing about nothing is stored.\n',
    });
  });
});

test('colours when forced, none in a pipe', async () => {
  const escape = '\u{1b}[';
  expect((await run(['traces', '--url', url], { FORCE_COLOR: '1' })).stdout).toContain(escape);
  expect((await run(['traces', '--url', url])).stdout).not.toContain(escape);
});

test('a table keeps to COLUMNS', async () => {
  const { stdout } = await run(['logs', '--limit', '5', '--url', url], { COLUMNS: '70' });
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(70);
  expect(stdout).toContain('…');
});

test('a data file that a server has open is said to be, with what to do', async () => {
  const { code, stderr } = await run(['traces', '--data', data]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^crmbet-otel: .*telemetry\.duckdb.*in use.*\n$/);
});
