import { openSync, closeSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { collectDefaultMetrics, Registry as PromRegistry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMetricsCollector } from './collector.ts';
import type { MetricsCollector } from './collector.ts';
import type { MetricSnapshot, NumberSeries } from './snapshot.ts';

let collector: MetricsCollector;

beforeEach(() => {
  collector = createMetricsCollector();
});
afterEach(() => {
  collector.close();
});

function family(name: string): MetricSnapshot | undefined {
  return collector.snapshot().find((candidate) => candidate.name === name);
}

function value(name: string): number {
  return (family(name)?.series[0] as NumberSeries | undefined)?.value ?? Number.NaN;
}

/** Makes garbage until the collector has run; V8 decides when its observers are told. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  await vi.waitFor(() => expect(family('nodejs_gc_duration_seconds')).toBeDefined(), { timeout: 10_000 });
}

describe('runtime metrics', () => {
  it("have the names and types of prom-client's, but for gauges that are named as counters", async () => {
    const peer = new PromRegistry();
    collectDefaultMetrics({ register: peer });
    const expected = (await peer.getMetricsAsJSON())
      .filter(({ name, type }) => !(name.endsWith('_total') && String(type) === 'gauge'))
      .filter(({ name }) => name !== 'nodejs_active_handles' && name !== 'nodejs_active_requests')
      .map(({ name, type }) => `${name} ${String(type)}`);
    await collectGarbage();
    const given = collector.snapshot().map(({ name, type }) => `${name} ${type}`);
    expect(given.sort()).toEqual(expected.sort());
  });

  it('are true', () => {
    expect(value('process_resident_memory_bytes') / process.memoryUsage.rss()).toBeCloseTo(1, 0);
    expect(value('process_start_time_seconds')).toBeCloseTo(Date.now() / 1000 - process.uptime(), 0);
    const cpu = process.cpuUsage();
    expect(value('process_cpu_seconds_total')).toBeCloseTo((cpu.user + cpu.system) / 1e6, 0);
    expect(value('nodejs_heap_size_used_bytes')).toBeLessThan(value('nodejs_heap_size_total_bytes'));
    expect(family('nodejs_version_info')?.series[0]?.labels['version']).toBe(process.version);
    const spaces = family('nodejs_heap_space_size_total_bytes')?.series.map(({ labels }) => labels['space']);
    expect(spaces).toEqual(expect.arrayContaining(['old', 'new', 'code']));
  });

  it.runIf(process.platform === 'linux')('count open files', () => {
    const before = value('process_open_fds');
    const files = Array.from({ length: 5 }, () => openSync('/dev/null', 'r'));
    const during = value('process_open_fds');
    for (const file of files) closeSync(file);
    expect(during - before).toBe(5);
    expect(value('process_max_fds')).toBeGreaterThan(during);
  });

  it('measure the event loop', async () => {
    await collector.getMetrics();
    expect(value('nodejs_eventloop_lag_seconds')).toBeGreaterThan(0);
    await vi.waitFor(() => expect(value('nodejs_eventloop_lag_max_seconds')).toBeGreaterThan(0), { timeout: 10_000 });
    expect(value('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(value('nodejs_eventloop_lag_p50_seconds'));
  });

  it('time garbage collections by kind', async () => {
    await collectGarbage();
    const gc = family('nodejs_gc_duration_seconds');
    expect(gc?.series.map(({ labels }) => labels['kind'])).toContain('major');
    expect(gc?.type === 'histogram' && gc.series.every(({ count, sum }) => count > 0 && sum > 0)).toBe(true);
  });
});
