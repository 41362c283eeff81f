import { ExportResultCode, type ExportResult } from '@opentelemetry/core';
import { describe, expect, it } from 'vitest';
import { waitUntil } from '@crmbet/testkit';
import { BatchQueue, type DropReason } from './batch-queue.ts';

interface Export {
  items: number[];
  done(result: ExportResult): void;
}

function createQueue(options: { maxQueueSize?: number; exportTimeoutMs?: number } = {}) {
  const exports: Export[] = [];
  const drops: [number, DropReason][] = [];
  const queue = new BatchQueue<number>({
    exporter: { export: (items, done) => exports.push({ items, done }), shutdown: async () => undefined },
    maxQueueSize: 10,
    maxBatchSize: 4,
    scheduleDelayMs: 60_000,
    exportTimeoutMs: 60_000,
    onDrop: (count, reason) => drops.push([count, reason]),
    ...options,
  });
  return { queue, exports, drops };
}

const success = { code: ExportResultCode.SUCCESS };
const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('BatchQueue', () => {
  it('exports a full batch without a wait, and one batch at a time', async () => {
    const { queue, exports } = createQueue();
    for (let item = 0; item < 9; item += 1) queue.add(item);
    await turn();
    expect(exports.map(({ items }) => items)).toEqual([[0, 1, 2, 3]]);
    exports[0]?.done(success);
    await turn();
    await turn();
    expect(exports.map(({ items }) => items)).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
    ]);
  });

  it('exports a batch that filled while another was under way, also when more came after', async () => {
    const { queue, exports } = createQueue();
    for (let item = 0; item < 4; item += 1) queue.add(item);
    await turn();
    // One more during the export starts the delay; what then fills the batch must not wait for it.
    for (let item = 4; item < 10; item += 1) queue.add(item);
    await turn();
    queue.add(10);
    exports[0]?.done(success);
    await waitUntil(() => exports.length === 2, { timeoutMs: 5000 });
    queue.add(11);
    queue.add(12);
    exports[1]?.done(success);
    await waitUntil(() => exports.length === 3, { timeoutMs: 5000 });
    expect(exports.map(({ items }) => items.length)).toEqual([4, 4, 4]);
  });

  it('drops what does not fit and counts it; what was exported makes room', async () => {
    const { queue, exports, drops } = createQueue();
    for (let item = 0; item < 12; item += 1) queue.add(item);
    expect(drops).toEqual([
      [1, 'queue_full'],
      [1, 'queue_full'],
    ]);
    await turn();
    queue.add(12);
    expect(drops).toHaveLength(2);
    expect(exports).toHaveLength(1);
    expect(queue.added).toBe(13);
  });

  it('flush exports everything that waits', async () => {
    const { queue, exports } = createQueue();
    for (let item = 0; item < 6; item += 1) queue.add(item);
    const flushed = queue.flush();
    for (let index = 0; index < 2; index += 1) {
      await turn();
      exports[index]?.done(success);
    }
    await flushed;
    expect(exports.flatMap(({ items }) => items)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('counts a failed export, one that throws, and one that never answers', async () => {
    const { queue, exports, drops } = createQueue({ exportTimeoutMs: 20 });
    queue.add(1);
    const flushed = queue.flush();
    exports[0]?.done({ code: ExportResultCode.FAILED });
    await flushed;
    queue.add(2);
    // Its timer does not keep a process alive, so something else has to.
    const alive = setInterval(() => undefined, 1000);
    await queue.flush();
    clearInterval(alive);
    expect(drops).toEqual([
      [1, 'export_failed'],
      [1, 'export_failed'],
    ]);
  });

  it('gives away what waits, and nothing twice', async () => {
    const { queue, exports } = createQueue();
    queue.add(1);
    expect(queue.takeAll()).toEqual([1]);
    await queue.flush();
    expect(exports).toEqual([]);
  });
});
