/** The page of @crmbet/metrics as a real Prometheus and its promtool see it, in both formats. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  createMetricsCollector,
  type MetricSnapshot,
  type MetricsCollector,
  type MetricsServer,
} from '@crmbet/metrics';
import { temporaryFolder, waitUntil } from '@crmbet/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ORIGIN = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  traceFlags: 1,
  correlationId: '3f1c9a52-6f0e-4f58-9b43-0f0f6f6b9c11',
};
const HOSTILE = 'a "quoted"\n\\back\\slash {x="y"} 1 # é😀';

let collector: MetricsCollector;
let openMetrics: MetricsServer;
let text: Server;
let prometheus: ChildProcess;
let api: string;

interface Vector {
  status: string;
  data: { result: { metric: Record<string, string>; value: [number, string] }[] };
}

beforeAll(async () => {
  collector = createMetricsCollector({ warn: () => undefined });
  recordEverything(collector);
  collector.addMetricSource({ name: 'test', collect: () => [sourceFamily] });
  openMetrics = await collector.startMetricsServer({ port: 0 });
  text = await startTextOnly(collector);
  ({ prometheus, api } = await startPrometheus({
    openmetrics: openMetrics.port,
    text: (text.address() as AddressInfo).port,
  }));
});

afterAll(async () => {
  if (prometheus?.exitCode === null) {
    const exit = once(prometheus, 'exit');
    prometheus.kill('SIGKILL');
    await exit;
  }
  await openMetrics?.close();
  text?.closeAllConnections();
  text?.close();
  collector?.close();
});

const sourceFamily: MetricSnapshot = {
  name: 'queue_depth',
  help: 'Jobs that wait',
  unit: '',
  type: 'gauge',
  series: [{ labels: { 'queue.name': 'mail' }, startTimeUnixMs: Date.now(), value: 4, exemplars: [] }],
};

function recordEverything(target: MetricsCollector): void {
  const http = { method: 'GET', route: '/api/:version/users/:id', origin: ORIGIN };
  for (let n = 0; n < 10; n += 1) target.recordHttpRequest({ ...http, statusCode: 200, durationSeconds: 0.02 });
  target.recordHttpRequest({ ...http, statusCode: 499, durationSeconds: 3 });
  target.trackDBConnection(3, 20);
  target.trackDBQuery('SELECT', 'users', 0.004, ORIGIN);
  target.trackCacheHit('redis', 'user', ORIGIN);
  target.trackCacheMiss('redis', HOSTILE);
  target.trackUserRegistration('BR', 'web');
  target.trackTransaction('bet', 'ok', 120.5, 'BRL', ORIGIN);
  target.trackTransaction('bet', 'ok', Number.NaN, 'BRL');
  target.trackMLPrediction('churn', 'batch', 0.03);
  target.updateMLModelAccuracy('churn', 'v1', 0.91);
  for (let n = 0; n < 60; n += 1) target.trackCacheHit(`layer-${n}`, 'user');
}

/** Prometheus always asks for OpenMetrics first; here it gets the text format all the same. */
async function startTextOnly(target: MetricsCollector): Promise<Server> {
  const handler = target.metricsHandler();
  const server = createServer((request, response) => {
    delete request.headers.accept;
    handler(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function startPrometheus(ports: Record<string, number>): Promise<{ prometheus: ChildProcess; api: string }> {
  const folder = temporaryFolder();
  const jobs = Object.entries(ports).map(([name, port]) => ({
    job_name: name,
    static_configs: [{ targets: [`127.0.0.1:${port}`] }],
  }));
  const config = join(folder, 'prometheus.yml');
  // JSON is YAML.
  writeFileSync(config, JSON.stringify({ global: { scrape_interval: '1s' }, scrape_configs: jobs }));
  const child = spawn(
    program('CRMBET_TEST_PROMETHEUS'),
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      '--web.listen-address=127.0.0.1:0',
      '--enable-feature=exemplar-storage',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const log: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    log.push(line);
    const address = /msg="Listening on" address=(\S+)/.exec(line)?.[1];
    if (address === undefined) continue;
    child.stderr.resume();
    return { prometheus: child, api: `http://${address}/api/v1` };
  }
  throw new Error(`Prometheus ended before it listened:\n${log.join('\n')}`);
}

function program(variable: string): string {
  const path = process.env[variable];
  if (path === undefined || path === '') throw new Error(`${variable} is not set: run this with npm run test:stack`);
  return path;
}

/** The result of an instant query once it has one. */
async function query(promql: string): Promise<Vector['data']['result']> {
  return waitUntil(
    async () => {
      const response = await fetch(`${api}/query?query=${encodeURIComponent(promql)}`);
      const { data } = (await response.json()) as Vector;
      return data.result.length > 0 && data.result;
    },
    { timeoutMs: 30_000, message: `a result of ${promql}` },
  );
}

describe.each(['openmetrics', 'text'])('Prometheus, scraping %s', (job) => {
  it.each([
    ['http_requests_total', 'method="GET",route="/api/:version/users/:id",status_code="200"', 10],
    ['http_requests_total', 'status_code="499"', 1],
    ['http_request_duration_seconds_count', 'status_code="200"', 10],
    ['http_request_duration_seconds_bucket', 'status_code="200",le="0.025"', 10],
    ['http_request_duration_seconds_bucket', 'status_code="200",le="0.01"', 0],
    ['http_request_duration_seconds_bucket', 'status_code="499",le="+Inf"', 1],
    ['db_connections_active', '', 3],
    ['db_connections_max', '', 20],
    ['db_query_duration_seconds_sum', 'query_type="SELECT",table="users"', 0.004],
    ['cache_hits_total', 'cache_layer="redis"', 1],
    ['cache_hits_total', 'cache_layer="__overflow__",key_type="user"', 41],
    ['user_registrations_total', 'country="BR",source="web"', 1],
    ['transactions_total', 'type="bet",status="ok"', 2],
    ['transaction_amount_sum', 'type="bet",currency="BRL"', 120.5],
    ['ml_predictions_total', 'model_type="churn",prediction_type="batch"', 1],
    ['ml_prediction_latency_seconds_count', 'model_type="churn"', 1],
    ['ml_model_accuracy', 'model_type="churn",model_version="v1"', 0.91],
    ['crmbet_metrics_refused_values_total', 'metric="transaction_amount",reason="not_finite"', 1],
    ['nodejs_version_info', `version="${process.version}"`, 1],
    ['queue_depth', 'queue_name="mail"', 4],
  ])('has %s{%s}', async (name, labels, value) => {
    const result = await query(`${name}{${labels === '' ? '' : `${labels},`}job="${job}"}`);
    expect(result.map((series) => Number(series.value[1]))).toEqual([value]);
  });

  it('has a label value back as it was given', async () => {
    const [series] = await query(`cache_misses_total{job="${job}"}`);
    expect(series?.metric['key_type']).toBe(HOSTILE);
  });

  it('finds the scrape whole', async () => {
    const [up] = await query(`up{job="${job}"} == 1`);
    expect(up?.metric['job']).toBe(job);
  });

  it('calculates the quantile and the ratio that the documentation asks for', async () => {
    const [p95] = await query(
      `histogram_quantile(0.5, sum by (le) (http_request_duration_seconds_bucket{status_code="200",job="${job}"}))`,
    );
    expect(Number(p95?.value[1])).toBeGreaterThan(0.01);
    expect(Number(p95?.value[1])).toBeLessThanOrEqual(0.025);
    const [ratio] = await query(`db_connections_active{job="${job}"} / db_connections_max`);
    expect(Number(ratio?.value[1])).toBe(0.15);
  });
});

it('Prometheus keeps the exemplars of the OpenMetrics page', async () => {
  const exemplar = { trace_id: ORIGIN.traceId, span_id: ORIGIN.spanId, correlation_id: ORIGIN.correlationId };
  const end = Date.now() / 1000 + 60;
  const series = await waitUntil(
    async () => {
      const name = 'http_request_duration_seconds_bucket';
      const response = await fetch(`${api}/query_exemplars?query=${name}&start=${end - 600}&end=${end}`);
      const { data } = (await response.json()) as {
        data: { seriesLabels: Record<string, string>; exemplars: { labels: unknown; value: string }[] }[];
      };
      return data.length > 0 && data;
    },
    { timeoutMs: 30_000, message: 'exemplars' },
  );
  const found = series.flatMap(({ seriesLabels, exemplars }) =>
    exemplars.map(({ labels, value }) => ({ le: seriesLabels['le'], job: seriesLabels['job'], labels, value })),
  );
  expect(found).toContainEqual({ le: '0.025', job: 'openmetrics', labels: exemplar, value: '0.02' });
  expect(found).toContainEqual({ le: '5.0', job: 'openmetrics', labels: exemplar, value: '3' });
});

it('promtool check metrics has nothing to say', async () => {
  const page = await collector.getMetrics();
  expect(page).toContain('http_requests_total');
  expect(page).toContain('nodejs_eventloop_lag_p99_seconds');
  const check = spawnSync(program('CRMBET_TEST_PROMTOOL'), ['check', 'metrics'], { input: page, encoding: 'utf8' });
  expect({ status: check.status, output: check.stdout + check.stderr }).toEqual({ status: 0, output: '' });
});
