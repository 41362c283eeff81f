import { join } from 'node:path';
import { temporaryFolder, waitUntil } from '@crmbet/testkit';
import { describe, expect, it } from 'vitest';
import { type TelemetryBatch } from '../model.ts';
import { openDuckDbStore } from './open.ts';
import { makeBatch, makeLog, makePoint, makeSpan, readRows, spanBatch } from './records.test.helper.ts';
import { WriteQueue, type GroupOutcome } from './write-queue.ts';

const SETTINGS = { maxQueuedRecords: 10, maxQueuedBytes: 100_000, commitIntervalMs: 5, commitRecords: 8 };
const ok: GroupOutcome = { accepted: 1, rejected: 0, message: '' };

/** A commit that waits until it is let go. */
function gatedCommit() {
  const groups: number[] = [];
  let open: (() => void) | undefined;
  const commit = (batches: readonly TelemetryBatch[]): Promise<GroupOutcome[]> => {
    groups.push(batches.length);
    return new Promise((resolve) => {
      open = () => resolve(batches.map(() => ok));
    });
  };
  return { groups, commit, letGo: () => open?.() };
}

describe('the write queue', () => {
  it('commits together what was written together, and meanwhile gathers the next group', async () => {
    const { groups, commit, letGo } = gatedCommit();
    const queue = new WriteQueue(SETTINGS, commit);
    const first = [queue.add(spanBatch(2)), queue.add(spanBatch(2)), queue.add(spanBatch(4))];
    expect(groups).toEqual([3]);
    const second = [queue.add(spanBatch(1)), queue.add(spanBatch(1))];
    letGo();
    await Promise.all(first);
    expect(groups).toEqual([3, 2]);
    letGo();
    await Promise.all(second);
  });

  it('refuses what does not fit, by records or bytes, and takes more when there is room again', async () => {
    const { groups, commit, letGo } = gatedCommit();
    const queue = new WriteQueue(SETTINGS, commit);
    const first = queue.add(spanBatch(8));
    await expect(queue.add(spanBatch(3))).rejects.toMatchObject({
      code: 'STORE_OVERLOADED',
      message: expect.stringContaining('8 records wait') as string,
    });
    await expect(queue.add(makeBatch({ logs: [makeLog({ body: 'x'.repeat(100_000) })] }))).rejects.toMatchObject({
      code: 'STORE_OVERLOADED',
    });
    letGo();
    await first;
    const alone = queue.add(spanBatch(50)); // bigger than the queue, but alone in it
    await waitUntil(() => groups.length === 2);
    letGo();
    await alone;
  });

  it('drains', async () => {
    const queue = new WriteQueue({ ...SETTINGS, commitIntervalMs: 60_000 }, async (batches) => batches.map(() => ok));
    const waiting = queue.add(spanBatch(1));
    await queue.drain();
    expect(await waiting).toEqual(ok);
  });
});

describe('writing', () => {
  const open = () => openDuckDbStore({ path: join(temporaryFolder(), 'store.duckdb') });

  it('rejects a record with an impossible ID and takes the others', async () => {
    const store = await open();
    const spans = [
      makeSpan(),
      makeSpan({ traceId: 'xyz' }),
      makeSpan({ spanId: '0'.repeat(16) }),
      makeSpan({ parentSpanId: 'g'.repeat(16) }),
    ];
    const result = await store.write(
      makeBatch({ spans, logs: [makeLog(), makeLog({ traceId: '12' })], metricPoints: [makePoint()] }),
    );
    expect(result).toEqual({
      accepted: 3,
      rejected: 4,
      message: expect.stringContaining('invalid trace ID or span ID') as string,
    });
    expect(await store.status()).toMatchObject({ spans: 1, logs: 1, metricPoints: 1, dropped: { invalid: 4 } });
    await store.close();
  });

  it('keeps times at the edge of what the protocol can say', async () => {
    const store = await open();
    const traceId = 'f'.repeat(32);
    await store.write(
      makeBatch({ spans: [makeSpan({ traceId, startTimeUnixNano: 2n ** 64n - 1n, endTimeUnixNano: 0n })] }),
    );
    expect((await store.getTrace(traceId))?.spans).toMatchObject([
      { startTimeUnixNano: '18446744073709551615', durationMs: 0 },
    ]);
    await store.close();
  });

  it('takes a batch that the others of its group must not suffer for', async () => {
    const store = await open();
    const bad = makeBatch({ metricPoints: [makePoint({ value: 'text' as never })] });
    const results = await Promise.allSettled([store.write(spanBatch(3)), store.write(bad), store.write(spanBatch(4))]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await store.status()).toMatchObject({ spans: 7, metricPoints: 0, dropped: { failed: 1 } });
    await store.close();
  });

  it('stores a resource, a series and a repeated exemplar once', async () => {
    const path = join(temporaryFolder(), 'store.duckdb');
    const store = await openDuckDbStore({ path });
    const exemplars = [
      { timeUnixNano: 5n, value: 1, traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), correlationId: 'c' },
    ];
    const write = (value: number) => store.write(makeBatch({ metricPoints: [makePoint({ value, exemplars })] }));
    await Promise.all([1, 2, 3].map(write));
    await write(4);
    await store.close();
    const counts = ['resources', 'metric_series', 'exemplars', 'metric_points'].map(
      (table) => `(SELECT count(*)::INTEGER FROM ${table})`,
    );
    expect(await readRows(path, `SELECT ${counts.join(', ')}`)).toEqual([[1, 1, 1, 4]]);
  });

  it('commits what waits when it closes, and then takes nothing', async () => {
    const path = join(temporaryFolder(), 'store.duckdb');
    const store = await openDuckDbStore({ path, queue: { commitIntervalMs: 60_000 } });
    const waiting = store.write(spanBatch(5));
    await store.close();
    expect(await waiting).toMatchObject({ accepted: 5 });
    await expect(store.write(spanBatch(1))).rejects.toMatchObject({ code: 'STORE_UNUSABLE' });
    await expect(store.findTraces({})).rejects.toMatchObject({ code: 'STORE_UNUSABLE' });
    const reader = await openDuckDbStore({ path, readOnly: true });
    expect(await reader.status()).toMatchObject({ spans: 5 });
    await expect(reader.write(spanBatch(1))).rejects.toMatchObject({
      code: 'STORE_UNUSABLE',
      message: expect.stringContaining('queries only') as string,
    });
    await reader.close();
  });
});
