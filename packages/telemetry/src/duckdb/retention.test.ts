import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder, waitUntil } from '@crmbet/testkit';
import { describe, expect, it, vi } from 'vitest';
import { openDuckDbStore } from './open.ts';
import { makeBatch, makeLog, makePoint, makeSpan } from './records.test.helper.ts';

const HOUR_MS = 3_600_000;
const MIB = 1024 * 1024;
const ns = (ms: number): bigint => BigInt(ms) * 1_000_000n;

describe('retention by age', () => {
  it('deletes and counts what is older, by itself, with the resources and series that nothing else uses', async () => {
    let now = Date.now();
    const store = await openDuckDbStore({
      path: join(temporaryFolder(), 'store.duckdb'),
      retention: { maxAgeHours: 2 },
      maintenanceIntervalMs: 20,
      clock: () => now,
    });
    const at = (ms: number, resource: string) =>
      makeBatch({
        spans: [makeSpan({ startTimeUnixNano: ns(ms), resource })],
        logs: [makeLog({ timeUnixNano: ns(ms), resource })],
        metricPoints: [makePoint({ name: `of_${resource.length}`, timeUnixNano: ns(ms), resource })],
      });
    await store.write(at(now, '{"a":"old"}'));
    await store.write(at(now + HOUR_MS, '{"a":"young"}'));
    await store.maintain();
    expect(await store.status()).toMatchObject({ spans: 2, logs: 2, metricPoints: 2, dropped: {} });
    now += 2.5 * HOUR_MS;
    await waitUntil(async () => (await store.status()).dropped['retention_age']);
    expect(await store.status()).toMatchObject({ spans: 1, logs: 1, metricPoints: 1, dropped: { retention_age: 3 } });
    expect((await store.listMetrics()).map(({ name }) => name)).toEqual(['of_13']);
    // What was deleted can come again: the store has forgotten that it knew the resource and the series.
    await store.write(at(now, '{"a":"old"}'));
    expect(await store.findTraces({ attributes: { a: 'old' } })).toHaveLength(1);
    expect((await store.listMetrics()).map(({ name }) => name)).toEqual(['of_11', 'of_13']);
    await store.close();
  });
});

describe('retention by size', () => {
  it('keeps the file within its limit, deleting the oldest first', { timeout: 120_000 }, async () => {
    const path = join(temporaryFolder(), 'store.duckdb');
    const maxSizeBytes = 16 * MIB;
    const store = await openDuckDbStore({ path, retention: { maxSizeBytes }, queue: { commitIntervalMs: 1 } });
    const sizes: number[] = [];
    let written = 0;
    const reading = { on: true };
    const read = async () => {
      while (reading.on) await store.findTraces({ attributes: { nothing: 'at all' } });
    };
    const readers = Promise.all([read(), read()]);
    // Several times the limit, under readers that never rest.
    for (let round = 0; round < 60; round += 1) {
      const startTimeUnixNano = ns(Date.now() - 60_000 + round);
      const big = () => JSON.stringify({ big: randomBytes(600).toString('base64') });
      await store.write(
        makeBatch({ spans: Array.from({ length: 1000 }, () => makeSpan({ startTimeUnixNano, attributes: big() })) }),
      );
      written += 1000;
      sizes.push((await store.status()).sizeBytes);
    }
    reading.on = false;
    await readers;
    const { spans, dropped } = await store.status();
    expect(Math.max(...sizes)).toBeLessThanOrEqual(maxSizeBytes);
    expect(dropped['retention_size']).toBeGreaterThan(0);
    expect(spans + (dropped['retention_size'] ?? 0)).toBe(written);
    expect((await store.findTraces({ limit: 1000, startMs: 0 })).length).toBe(1000);
    await store.close();
    expect(statSync(path).size).toBeLessThanOrEqual(maxSizeBytes);
  });
});

describe('maintenance', () => {
  it('keeps no process alive', async () => {
    const interval = vi.spyOn(globalThis, 'setInterval');
    const store = await openDuckDbStore({ path: join(temporaryFolder(), 'store.duckdb') });
    expect(interval.mock.results.map(({ value }) => (value as NodeJS.Timeout).hasRef())).toEqual([false]);
    await store.close();
    interval.mockRestore();
  });
});
