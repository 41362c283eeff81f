import type { TelemetryBatch } from '../model.ts';
import type { Signal } from './signal.ts';
import { signals } from './signal.ts';

/** A decoded export request: the records to store, and how many were left out because each by itself is invalid. */
export interface DecodedRequest {
  signal: Signal;
  batch: TelemetryBatch;
  rejected: number;
  /** Why records were rejected; empty when none were. */
  message: string;
}

/** Counts records that are invalid by themselves while the rest of their request is taken (OTLP specification, Partial Success). */
export class Rejections {
  private readonly byReason = new Map<string, number>();
  private total = 0;

  /** @param reason one of a fixed set of texts: each distinct one is remembered */
  add(reason: string): void {
    this.total++;
    this.byReason.set(reason, (this.byReason.get(reason) ?? 0) + 1);
  }

  get count(): number {
    return this.total;
  }

  /** One sentence; empty when nothing was rejected. */
  message(signal: Signal): string {
    if (this.total === 0) return '';
    const reasons = Array.from(this.byReason, ([reason, count]) => `${reason} (${count})`);
    return `Rejected ${this.total} ${signals[signal].records}: ${reasons.join(', ')}`;
  }
}

export function emptyBatch(): TelemetryBatch {
  return { spans: [], logs: [], metricPoints: [] };
}

/** The number of records in a batch. */
export function batchSize(batch: TelemetryBatch): number {
  return batch.spans.length + batch.logs.length + batch.metricPoints.length;
}
