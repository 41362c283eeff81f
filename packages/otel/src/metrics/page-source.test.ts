import {
  MeterProvider,
  PeriodicExportingMetricReader,
  InMemoryMetricExporter,
  AggregationTemporality,
} from '@opentelemetry/sdk-metrics';
import { expect, it } from 'vitest';
import { toSnapshots } from './page-source.ts';

it('names API metrics as Prometheus does, and keeps scopes apart', async () => {
  const reader = new PeriodicExportingMetricReader({
    exporter: new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE),
  });
  const provider = new MeterProvider({ readers: [reader] });
  const [one, two] = ['one', 'two'].map((name) => provider.getMeter(name));
  one?.createCounter('http.calls', { unit: '{call}', description: 'Calls' }).add(2, { 'http.method': 'GET' });
  two?.createCounter('http.calls', { unit: '{call}', description: 'Calls' }).add(3);
  one?.createHistogram('call.duration', { unit: 's', advice: { explicitBucketBoundaries: [1, 2] } }).record(1.5);
  one?.createUpDownCounter('queue.size').add(-4);
  one?.createGauge('disk.used', { unit: '1' }).record(0.5);
  const { resourceMetrics } = await reader.collect();
  await provider.shutdown();
  const snapshots = toSnapshots(resourceMetrics.scopeMetrics);
  expect(snapshots.map(({ name, type }) => [name, type])).toEqual([
    ['http_calls_total', 'counter'],
    ['call_duration_seconds', 'histogram'],
    ['queue_size', 'gauge'],
    ['disk_used_ratio', 'gauge'],
  ]);
  expect(snapshots[0]).toMatchObject({
    help: 'Calls',
    series: [
      { labels: { otel_scope_name: 'one', http_method: 'GET' }, value: 2 },
      { labels: { otel_scope_name: 'two' }, value: 3 },
    ],
  });
  expect(snapshots[1]).toMatchObject({ bounds: [1, 2], series: [{ count: 1, sum: 1.5, bucketCounts: [0, 1, 0] }] });
});
