import type { BatchExporter, BatchQueueOptions } from './batch-queue.ts';
import { BatchQueue } from './batch-queue.ts';

/** Ways out beside OTLP over the network, each with a queue of its own, as the pipelines need them. */
export interface Outputs<T> {
  add(item: T): void;
  /** Items ever added. */
  recorded(): number;
  flush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** Queues for `exporters`. At `process.exit()` those that write at once still write what waits. */
export function createOutputs<T>(
  exporters: readonly BatchExporter<T>[],
  options: Omit<BatchQueueOptions<T>, 'exporter'>,
): Outputs<T> {
  const outputs = exporters.map((exporter) => ({ exporter, queue: new BatchQueue<T>({ ...options, exporter }) }));
  const all = async (work: (queue: BatchQueue<T>) => Promise<void>) =>
    void (await Promise.all(outputs.map(({ queue }) => work(queue))));
  const onExit = () => {
    for (const { exporter, queue } of outputs) {
      const rest = queue.takeAll();
      if (rest.length > 0) exporter.export(rest, () => undefined);
    }
  };
  if (outputs.length > 0) process.on('exit', onExit);
  return {
    add(item) {
      for (const { queue } of outputs) queue.add(item);
    },
    recorded: () => outputs.reduce((sum, { queue }) => sum + queue.added, 0),
    flush: () => all((queue) => queue.flush()),
    async shutdown() {
      await all((queue) => queue.shutdown());
      process.removeListener('exit', onExit);
    },
  };
}
