import type { TelemetryBatch, TelemetryWriter, WriteResult } from '../model.ts';
import { batchSize, emptyBatch } from '../otlp/decoded.ts';

/** Keeps what it is given. */
export class MemoryWriter implements TelemetryWriter {
  readonly records: TelemetryBatch = emptyBatch();
  /** Called before each batch is kept: may wait, throw, or answer in place of the usual result. */
  before: (batch: TelemetryBatch) => Promise<WriteResult | undefined> = () => Promise.resolve(undefined);

  async write(batch: TelemetryBatch): Promise<WriteResult> {
    const result = await this.before(batch);
    this.records.spans.push(...batch.spans);
    this.records.logs.push(...batch.logs);
    this.records.metricPoints.push(...batch.metricPoints);
    return result ?? { accepted: batchSize(batch), rejected: 0, message: '' };
  }
}
