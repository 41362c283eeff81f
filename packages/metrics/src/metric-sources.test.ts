import { describe, expect, it } from 'vitest';
import { createMetricsCollector } from './collector.ts';
import type { MetricsCollector } from './collector.ts';
import type { MetricSnapshot } from './snapshot.ts';

function create(): { collector: MetricsCollector; warnings: string[] } {
  const warnings: string[] = [];
  const warn = (message: string): void => void warnings.push(message);
  return { collector: createMetricsCollector({ defaultMetrics: false, warn }), warnings };
}

function gauge(name: string, value = 1, labels: Record<string, string> = {}): MetricSnapshot {
  return { name, help: name, unit: '', type: 'gauge', series: [{ labels, startTimeUnixMs: 0, value, exemplars: [] }] };
}

function counter(name: string): MetricSnapshot {
  return { ...gauge(name), type: 'counter' } as MetricSnapshot;
}

describe('addMetricSource', () => {
  it('shows the families of a source until it is removed, and keeps them out of snapshots', async () => {
    const { collector } = create();
    const remove = collector.addMetricSource({
      name: 'sdk',
      collect: async () => [gauge('queue_depth', 4, { 'queue.name': 'mail' })],
    });
    expect(await collector.getMetrics()).toContain('queue_depth{queue_name="mail"} 4\n');
    expect(collector.snapshot()).toEqual([]);
    remove();
    expect(await collector.getMetrics()).toBe('');
  });

  it('reads the values anew for each page, even from the same objects', async () => {
    const { collector } = create();
    const labels: Record<string, string> = { queue: 'a' };
    collector.addMetricSource({ name: 'sdk', collect: () => [gauge('depth', 1, labels)] });
    await collector.getMetrics();
    labels['queue'] = 'b';
    expect(await collector.getMetrics()).toContain('depth{queue="b"} 1');
  });

  it('shows a counter under one name in both formats', async () => {
    const { collector } = create();
    collector.addMetricSource({ name: 'sdk', collect: () => [counter('jobs')] });
    expect(await collector.getMetrics()).toContain('jobs_total 1\n');
    expect(await collector.getMetrics('openmetrics')).toContain('# TYPE jobs counter\njobs_total 1\n');
  });

  it('gives a family without help one', async () => {
    const { collector } = create();
    collector.addMetricSource({ name: 'sdk', collect: () => [{ ...gauge('depth'), help: '' }] });
    expect(await collector.getMetrics()).toContain('# HELP depth Metric of sdk\n');
  });

  it.each([
    ['a documented metric', gauge('db_connections_active')],
    ['a documented metric that has no value yet', counter('http_requests')],
    ['a sample of a documented histogram', gauge('http_request_duration_seconds_count')],
    ['a runtime metric', gauge('process_open_fds')],
    ['a metric of another source', gauge('taken')],
  ])('drops a family with the name of %s, counted and said once', async (_name, family) => {
    const { collector, warnings } = create();
    collector.addMetricSource({ name: 'first', collect: () => [gauge('taken', 7)] });
    collector.addMetricSource({ name: 'second', collect: () => [family, gauge('kept')] });
    await collector.getMetrics();
    const page = await collector.getMetrics();
    expect(page).toContain('crmbet_metrics_dropped_families_total{reason="name_clash"} 1\n');
    expect(page).toContain('taken 7\n');
    expect(page).toContain('kept 1\n');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(`"second"`);
  });

  it.each<[string, unknown]>([
    ['no Prometheus name', gauge('http.server.duration')],
    ['a label that is no text', gauge('depth', 1, { a: 1 as unknown as string })],
    ['no series', { name: 'depth', help: '', type: 'gauge' }],
  ])('drops a family with %s and shows the others', async (_name, family) => {
    const { collector, warnings } = create();
    collector.addMetricSource({ name: 'sdk', collect: () => [family as MetricSnapshot, gauge('kept')] });
    expect(await collector.getMetrics()).toMatch(/^# HELP kept kept\n# TYPE kept gauge\nkept 1\n$/);
    expect(warnings).toHaveLength(1);
  });

  it.each<[string, () => MetricSnapshot[] | Promise<MetricSnapshot[]>, string]>([
    [
      'throws',
      () => {
        throw new Error('no metrics today');
      },
      'source_failed',
    ],
    ['rejects', () => Promise.reject(new Error('no metrics today')), 'source_failed'],
    ['gives no list', () => ({}) as MetricSnapshot[], 'source_failed'],
    ['never answers', () => new Promise(() => undefined), 'source_timeout'],
  ])('shows everything else where a source %s', async (_name, collect, reason) => {
    const { collector, warnings } = create();
    collector.addMetricSource({ name: 'bad', collect });
    collector.addMetricSource({ name: 'good', collect: () => [gauge('kept')] });
    await collector.getMetrics();
    const page = await collector.getMetrics();
    expect(page).toContain('kept 1\n');
    expect(page).toMatch(new RegExp(`crmbet_metrics_dropped_families_total\\{reason="${reason}"\\} [12]\n`));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('"bad"');
  });
});
