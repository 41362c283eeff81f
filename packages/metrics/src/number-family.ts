import type { MeasurementOrigin } from './exemplars.ts';
import { ExemplarRing } from './exemplars.ts';
import type { ExemplarMode, Labels } from './family.ts';
import { Family } from './family.ts';
import type { CounterSnapshot, Exemplar, GaugeSnapshot, NumberSeries } from './snapshot.ts';

interface NumberState {
  readonly labels: Labels;
  value: number;
  latest: Exemplar | undefined;
  recent: ExemplarRing | undefined;
}

abstract class NumberFamily extends Family<NumberState> {
  protected create(labels: Labels): NumberState {
    return { labels, value: 0, latest: undefined, recent: undefined };
  }

  protected keepExemplar(state: NumberState, value: number, origin: MeasurementOrigin | undefined): void {
    const exemplar = this.host.exemplars.make(value, origin);
    if (exemplar === undefined) return;
    state.latest = exemplar;
    state.recent ??= new ExemplarRing(this.host.exemplars);
    state.recent.push(exemplar);
  }

  protected seriesSnapshots(mode: ExemplarMode): NumberSeries[] {
    const startTimeUnixMs = this.host.startTimeUnixMs;
    return this.series.map((state) => ({
      labels: state.labels,
      startTimeUnixMs,
      value: state.value,
      latestExemplar: state.latest,
      exemplars: readExemplars(state.recent, mode),
    }));
  }
}

/** The ring's exemplars as the mode of a snapshot asks for them. */
export function readExemplars(ring: ExemplarRing | undefined, mode: ExemplarMode): readonly Exemplar[] {
  if (ring === undefined || mode === 'none') return [];
  return mode === 'take' ? ring.take() : ring.list();
}

/** A sum that only grows. */
export class CounterFamily extends NumberFamily {
  record(amount: number, origin: MeasurementOrigin | undefined, a?: string, b?: string, c?: string): void {
    if (!this.accepts(amount)) return;
    const state = this.find(a, b, c);
    state.value += amount;
    this.keepExemplar(state, amount, origin);
  }

  snapshot(exemplars: ExemplarMode): CounterSnapshot {
    const { name, help, unit } = this.definition;
    return { name, help, unit, type: 'counter', series: this.seriesSnapshots(exemplars) };
  }
}

/** A value that is set. */
export class GaugeFamily extends NumberFamily {
  record(value: number, origin: MeasurementOrigin | undefined, a?: string, b?: string, c?: string): void {
    if (!this.accepts(value)) return;
    const state = this.find(a, b, c);
    state.value = value;
    this.keepExemplar(state, value, origin);
  }

  snapshot(exemplars: ExemplarMode): GaugeSnapshot {
    const { name, help, unit } = this.definition;
    return { name, help, unit, type: 'gauge', series: this.seriesSnapshots(exemplars) };
  }
}
