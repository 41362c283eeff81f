import { catalogue } from './catalogue.ts';
import type { CatalogueEntry, DocumentedMetricName } from './catalogue.ts';
import type { MetricDefinition } from './catalogue-types.ts';
import type { MeasurementOrigin } from './exemplars.ts';
import type { Registry } from './registry.ts';

type Definition<N extends DocumentedMetricName> = Extract<CatalogueEntry, { name: N }>;

type Texts<L extends readonly unknown[]> = { -readonly [I in keyof L]: string };

/** One text for each label of the metric, in the order of the catalogue. */
export type LabelValues<N extends DocumentedMetricName> = Texts<Definition<N>['labels']>;

/** Records into one documented metric; a call with too few or too many label values does not compile. */
export interface Recorder<N extends DocumentedMetricName> {
  /** `value`: amount to add (counter), new value (gauge) or observation (histogram). Never throws. */
  record(value: number, origin: MeasurementOrigin | undefined, ...labels: LabelValues<N>): void;
}

/** The recorder of a documented metric; made once, kept by whoever records. */
export function recorderOf<N extends DocumentedMetricName>(registry: Registry, name: N): Recorder<N> {
  const definition = catalogue.find((entry) => entry.name === name) as MetricDefinition;
  return registry.family(definition) as unknown as Recorder<N>;
}
