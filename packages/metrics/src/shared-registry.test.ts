import type * as Package from './index.ts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const KEY = Symbol.for('crmbet.metrics.registry');
const holder = globalThis as { [KEY]?: unknown };

/** A copy of this package, as a second one in node_modules would be. */
async function loadCopy(): Promise<typeof Package> {
  vi.resetModules();
  return import('./index.ts');
}

function clear(): void {
  Reflect.deleteProperty(holder, KEY);
}

beforeEach(clear);
afterEach(() => {
  clear();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('the registry of the process', () => {
  it('is one for two copies of the package', async () => {
    const first = await loadCopy();
    const second = await loadCopy();
    expect(second.metricsCollector).not.toBe(first.metricsCollector);
    first.metricsCollector.trackCacheHit('redis', 'user');
    second.metricsCollector.trackCacheHit('redis', 'user');
    const line = 'cache_hits_total{cache_layer="redis",key_type="user"} 2\n';
    expect(await first.metricsCollector.getMetrics()).toContain(line);
    expect(await second.metricsCollector.getMetrics()).toContain(line);
    expect(second.snapshot()).toHaveLength(first.snapshot().length);
    first.metricsCollector.close();
  });

  it('takes the metrics of a copy that knows more of them', async () => {
    const older = await loadCopy();
    const { registry } = holder[KEY] as { registry: { families: Map<string, unknown> } };
    registry.families.delete('db_connections_max');
    const newer = await loadCopy();
    newer.metricsCollector.trackDBConnection(1, 2);
    expect(await older.metricsCollector.getMetrics()).toContain('db_connections_max 2\n');
    older.metricsCollector.close();
  });

  it('is not shared with a copy of another version, which is said', async () => {
    const foreign = { version: 99, registry: {} };
    holder[KEY] = foreign;
    const warning = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const copy = await loadCopy();
    copy.metricsCollector.trackCacheHit('redis', 'user');
    expect(await copy.metricsCollector.getMetrics()).toContain('cache_hits_total');
    expect(holder[KEY]).toBe(foreign);
    expect(warning).toHaveBeenCalledTimes(1);
    expect(warning.mock.calls[0]?.[0]).toContain('registry versions 99 and 1');
  });

  it.each([
    ['always_off', false],
    ['trace_based', true],
    ['', true],
  ])('keeps exemplars under OTEL_METRICS_EXEMPLAR_FILTER=%s: %s', async (filter, kept) => {
    vi.stubEnv('OTEL_METRICS_EXEMPLAR_FILTER', filter);
    const { metricsCollector, snapshot } = await loadCopy();
    metricsCollector.trackCacheHit('redis', 'user', { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 });
    expect(snapshot()[0]?.series[0]?.exemplars).toHaveLength(kept ? 1 : 0);
    metricsCollector.close();
  });

  it('shows the runtime metrics without having been asked', async () => {
    const { metricsCollector } = await loadCopy();
    expect(await metricsCollector.getMetrics()).toContain('process_cpu_seconds_total ');
    metricsCollector.close();
  });
});
