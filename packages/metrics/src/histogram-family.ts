import type { MetricDefinition } from './catalogue-types.ts';
import type { MeasurementOrigin } from './exemplars.ts';
import { ExemplarRing } from './exemplars.ts';
import type { ExemplarMode, FamilyHost, Labels } from './family.ts';
import { Family } from './family.ts';
import { readExemplars } from './number-family.ts';
import type { Exemplar, HistogramSnapshot } from './snapshot.ts';

interface HistogramState {
  readonly labels: Labels;
  count: number;
  sum: number;
  /** Not cumulative; the last is +Inf. */
  readonly counts: number[];
  latest: (Exemplar | undefined)[] | undefined;
  recent: ExemplarRing | undefined;
}

/** Observations counted in explicit buckets. */
export class HistogramFamily extends Family<HistogramState> {
  private readonly bounds: readonly number[];

  constructor(definition: MetricDefinition, host: FamilyHost) {
    super(definition, host);
    this.bounds = definition.buckets ?? [];
  }

  record(value: number, origin: MeasurementOrigin | undefined, a?: string, b?: string, c?: string): void {
    if (!this.accepts(value)) return;
    const state = this.find(a, b, c);
    const sum = state.sum + value;
    if (sum === Infinity) return this.host.refused(this.definition, 'out_of_range', value);
    const bucket = this.bucketOf(value);
    state.sum = sum;
    state.count += 1;
    state.counts[bucket] = (state.counts[bucket] ?? 0) + 1;
    const exemplar = this.host.exemplars.make(value, origin);
    if (exemplar !== undefined) this.keepExemplar(state, bucket, exemplar);
  }

  snapshot(exemplars: ExemplarMode): HistogramSnapshot {
    const { name, help, unit } = this.definition;
    const startTimeUnixMs = this.host.startTimeUnixMs;
    const series = this.series.map((state) => ({
      labels: state.labels,
      startTimeUnixMs,
      count: state.count,
      sum: state.sum,
      bucketCounts: state.counts.slice(),
      bucketExemplars: state.latest?.slice(),
      exemplars: readExemplars(state.recent, exemplars),
    }));
    return { name, help, unit, type: 'histogram', bounds: this.bounds, series };
  }

  protected create(labels: Labels): HistogramState {
    const counts = Array.from({ length: this.bounds.length + 1 }, () => 0);
    return { labels, count: 0, sum: 0, counts, latest: undefined, recent: undefined };
  }

  /** Buckets are few: a loop from the smallest is faster than a binary search for the usual, small values. */
  private bucketOf(value: number): number {
    const bounds = this.bounds;
    let index = 0;
    while (index < bounds.length && value > (bounds[index] as number)) index += 1;
    return index;
  }

  private keepExemplar(state: HistogramState, bucket: number, exemplar: Exemplar): void {
    state.latest ??= Array.from({ length: state.counts.length }, () => undefined);
    state.latest[bucket] = exemplar;
    state.recent ??= new ExemplarRing(this.host.exemplars);
    state.recent.push(exemplar);
  }
}
