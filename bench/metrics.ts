/**
 * Recording and rendering against prom-client, both in one process and in turns; the figure is the best of the rounds.
 * Without an OpenTelemetry context manager, as both count: no exemplars are made.
 */
import { createMetricsCollector } from '@crmbet/metrics';
import type { MetricsCollector, MetricSnapshot } from '@crmbet/metrics';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

const ROUNDS = 7;
const OPERATIONS = 300_000;
const RENDERED_SERIES = 10_000;
const routes = Array.from({ length: 50 }, (_, index) => `/api/things/:id/part-${index}`);
const tables = Array.from({ length: 50 }, (_, index) => `table_${index}`);
const buckets = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2];

interface Contest {
  name: string;
  /** What one call of `ours` or `peer` stands for. */
  operations: number;
  unit: 'ns' | 'ms';
  ours: () => unknown;
  peer: () => unknown;
}

/** Runs the contests and prints a line for each. */
export async function run(): Promise<void> {
  const contests = [...recording(), await rendering('text'), await rendering('openmetrics')];
  console.log(
    `${'operation'.padEnd(46)}${'@crmbet/metrics'.padStart(16)}${'prom-client'.padStart(14)}${'ratio'.padStart(8)}`,
  );
  for (const contest of contests) console.log(await line(contest));
}

async function line({ name, operations, unit, ours, peer }: Contest): Promise<string> {
  const best = { ours: Infinity, peer: Infinity };
  for (let round = 0; round < ROUNDS; round += 1) {
    best.ours = Math.min(best.ours, await milliseconds(ours));
    best.peer = Math.min(best.peer, await milliseconds(peer));
  }
  const show = (ms: number): string => `${(unit === 'ns' ? (ms * 1e6) / operations : ms).toFixed(1)} ${unit}`;
  const ratio = `${(best.peer / best.ours).toFixed(1)} x`;
  return `${name.padEnd(46)}${show(best.ours).padStart(16)}${show(best.peer).padStart(14)}${ratio.padStart(8)}`;
}

async function milliseconds(action: () => unknown): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

function repeat(action: (index: number) => void): () => void {
  return () => {
    for (let index = 0; index < OPERATIONS; index += 1) action(index);
  };
}

function recording(): Contest[] {
  const collector = createMetricsCollector({ defaultMetrics: false });
  const registers = [new Registry()];
  const counter = new Counter({ name: 'hits_total', help: 'x', labelNames: ['cache_layer', 'key_type'], registers });
  const gauge = new Gauge({ name: 'accuracy', help: 'x', labelNames: ['model_type', 'model_version'], registers });
  const histogram = new Histogram({
    name: 'query',
    help: 'x',
    labelNames: ['query_type', 'table'],
    buckets,
    registers,
  });
  const httpLabels = ['method', 'route', 'status_code'];
  const requests = new Counter({ name: 'requests_total', help: 'x', labelNames: httpLabels, registers });
  const durations = new Histogram({ name: 'duration', help: 'x', labelNames: httpLabels, buckets, registers });
  const table = (index: number): string => tables[index % tables.length] ?? '';
  const route = (index: number): string => routes[index % routes.length] ?? '';
  const common = { operations: OPERATIONS, unit: 'ns' } as const;
  return [
    {
      ...common,
      name: 'counter, 2 labels',
      ours: repeat((index) => collector.trackCacheHit('redis', table(index))),
      peer: repeat((index) => counter.labels('redis', table(index)).inc()),
    },
    {
      ...common,
      name: 'gauge, 2 labels',
      ours: repeat((index) => collector.updateMLModelAccuracy('churn', table(index), 0.9)),
      peer: repeat((index) => gauge.labels('churn', table(index)).set(0.9)),
    },
    {
      ...common,
      name: 'histogram, 2 labels, 10 buckets',
      ours: repeat((index) => collector.trackDBQuery('SELECT', table(index), 0.02)),
      peer: repeat((index) => histogram.labels('SELECT', table(index)).observe(0.02)),
    },
    {
      ...common,
      name: 'an HTTP request (counter and histogram)',
      ours: repeat((index) =>
        collector.recordHttpRequest({ method: 'GET', route: route(index), statusCode: 200, durationSeconds: 0.02 }),
      ),
      peer: repeat((index) => {
        durations.labels('GET', route(index), '200').observe(0.02);
        requests.labels('GET', route(index), '200').inc();
      }),
    },
  ];
}

/** A page of 10,000 series of the catalogue, 4,000 of them histograms; the peer has the same. */
async function rendering(format: 'text' | 'openmetrics'): Promise<Contest> {
  const collector = createMetricsCollector({ defaultMetrics: false });
  fill(collector);
  const families = collector.snapshot();
  const registry = new Registry();
  if (format === 'openmetrics') registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
  for (const family of families) copyToPeer(family, registry);
  const series = families.reduce((sum, family) => sum + family.series.length, 0);
  if (series !== RENDERED_SERIES) throw new Error(`bench: ${series} series instead of ${RENDERED_SERIES}`);
  return {
    name: `render ${RENDERED_SERIES} series, ${format}`,
    operations: 1,
    unit: 'ms',
    // A string that was put together is only written out when its bytes are asked for.
    ours: async () => Buffer.from(await collector.getMetrics(format)),
    peer: async () => Buffer.from(await registry.metrics()),
  };
}

function fill(collector: MetricsCollector): void {
  for (let a = 0; a < 500; a += 1) {
    for (const statusCode of [200, 201, 400, 500]) {
      collector.recordHttpRequest({ method: 'GET', route: `/api/things/:id/${a}`, statusCode, durationSeconds: 0.02 });
    }
  }
  for (let a = 0; a < 20; a += 1) {
    for (let b = 0; b < 50; b += 1) {
      collector.trackDBQuery(`operation_${a}`, `table_${b}`, 0.02);
      collector.trackTransaction(`type_${a}`, `status_${b}`, 120, `currency_${b}`);
      collector.trackCacheHit(`layer_${a}`, `key_${b}`);
      collector.trackCacheMiss(`layer_${a}`, `key_${b}`);
      collector.trackUserRegistration(`country_${a}`, `source_${b}`);
    }
  }
}

function copyToPeer(family: MetricSnapshot, registry: Registry): void {
  const labelNames = Object.keys(family.series[0]?.labels ?? {});
  const options = { name: family.name, help: family.help, labelNames, registers: [registry] };
  if (family.type === 'histogram') {
    const histogram = new Histogram({ ...options, buckets: [...family.bounds] });
    for (const { labels, sum } of family.series) histogram.labels(labels).observe(sum);
  } else {
    const counter = new Counter(options);
    for (const { labels, value } of family.series) counter.labels(labels).inc(value);
  }
}
