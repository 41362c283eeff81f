import type { MetricUnit } from './catalogue-types.ts';

/**
 * The neutral shape of metrics at one moment: what the renderers read, what `@crmbet/otel` turns into OTLP, and what a
 * {@link MetricSource} gives. All values are cumulative since {@link SeriesBase.startTimeUnixMs}.
 */
export type MetricSnapshot = CounterSnapshot | GaugeSnapshot | HistogramSnapshot;

interface FamilyBase {
  /** Prometheus name, `_total` included for a counter. */
  readonly name: string;
  readonly help: string;
  /** See {@link MetricUnit}; other sources may give any unit, it is announced only where the name ends with it. */
  readonly unit: MetricUnit | (string & {});
}

export interface CounterSnapshot extends FamilyBase {
  readonly type: 'counter';
  readonly series: readonly NumberSeries[];
}

export interface GaugeSnapshot extends FamilyBase {
  readonly type: 'gauge';
  readonly series: readonly NumberSeries[];
}

export interface HistogramSnapshot extends FamilyBase {
  readonly type: 'histogram';
  /** Upper bounds of the buckets, inclusive, ascending, without +Inf; the same for every series. */
  readonly bounds: readonly number[];
  readonly series: readonly HistogramSeries[];
}

export interface SeriesBase {
  /** The same object in every snapshot of the same series of the registry. */
  readonly labels: Readonly<Record<string, string>>;
  /** When counting began, milliseconds since the Unix epoch. */
  readonly startTimeUnixMs: number;
  /**
   * Most recent exemplars since they were last taken, oldest first, at most {@link MAX_RECENT_EXEMPLARS}. For OTLP.
   * Empty when the snapshot was asked without them.
   */
  readonly exemplars: readonly Exemplar[];
}

export interface NumberSeries extends SeriesBase {
  readonly value: number;
  /** The newest exemplar, kept until a newer one comes. For OpenMetrics. */
  readonly latestExemplar?: Exemplar | undefined;
}

export interface HistogramSeries extends SeriesBase {
  readonly count: number;
  readonly sum: number;
  /** Observations per bucket, not cumulative, one more than `bounds` (the last is +Inf). */
  readonly bucketCounts: readonly number[];
  /** The newest exemplar of each bucket, in the order of `bucketCounts`. For OpenMetrics. */
  readonly bucketExemplars?: readonly (Exemplar | undefined)[] | undefined;
}

/** One measurement with the sampled trace that it was made in. */
export interface Exemplar {
  readonly value: number;
  readonly timeUnixMs: number;
  /** 32 lower-case hexadecimal digits. */
  readonly traceId: string;
  /** 16 lower-case hexadecimal digits. */
  readonly spanId: string;
  /** The filtered attribute `correlation.id`; empty when there was none. */
  readonly correlationId: string;
}

/** Exemplars kept for OTLP in each series between two collections. */
export const MAX_RECENT_EXEMPLARS = 32;

/**
 * Metrics of someone else (the OpenTelemetry SDK's meters) that are shown on /metrics beside the documented ones. They
 * are not part of `snapshot()`: whoever owns them exports them to OTLP by itself.
 */
export interface MetricSource {
  /** Said in warnings. */
  readonly name: string;
  /** Called once a scrape. A rejection, or no answer within two seconds, leaves the source out of that scrape. */
  collect(): readonly MetricSnapshot[] | Promise<readonly MetricSnapshot[]>;
}

export interface SnapshotOptions {
  /**
   * What happens to the recent exemplars: `take` gives and forgets them (for the one OTLP exporter), `peek` (default)
   * gives and keeps them, `none` leaves them out.
   */
  readonly exemplars?: 'take' | 'peek' | 'none';
}
