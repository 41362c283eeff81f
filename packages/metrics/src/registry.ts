import { catalogue } from './catalogue.ts';
import type { MetricDefinition, ValueRange } from './catalogue-types.ts';
import { diagnosticsCatalogue } from './diagnostics-catalogue.ts';
import { ExemplarMaker } from './exemplars.ts';
import type { FamilyHost, RefusalReason } from './family.ts';
import { HistogramFamily } from './histogram-family.ts';
import { claimedNames, collectSource, mergeFamilies } from './metric-sources.ts';
import type { DropReason } from './metric-sources.ts';
import { CounterFamily, GaugeFamily } from './number-family.ts';
import { gcDefinition, runtimeCatalogue } from './runtime-catalogue.ts';
import { RuntimeMetrics } from './runtime-metrics.ts';
import type { MetricSnapshot, MetricSource, SnapshotOptions } from './snapshot.ts';
import { OnceWarner } from './warnings.ts';
import type { Warn } from './warnings.ts';

/** Exemplars that the rings of all series hold together between two OTLP collections. */
const EXEMPLAR_CAPACITY = 8192;
/** Names that no other source can have, whether they are shown or not. */
const runtimeNames = [...runtimeCatalogue, gcDefinition].flatMap(claimedNames);

export interface RegistryOptions {
  readonly exemplars: boolean;
  readonly defaultMetrics: boolean;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  readonly warn: Warn;
}

type AnyFamily = CounterFamily | GaugeFamily | HistogramFamily;

/** All metrics of one process. */
export class Registry implements FamilyHost {
  readonly exemplars: ExemplarMaker;
  readonly startTimeUnixMs: number;
  private readonly families = new Map<string, AnyFamily>();
  private readonly sources = new Set<MetricSource>();
  private readonly warner: OnceWarner;
  private readonly runtime: RuntimeMetrics | undefined;

  constructor(options: RegistryOptions) {
    this.startTimeUnixMs = options.now();
    this.exemplars = new ExemplarMaker(options.exemplars, options.now, EXEMPLAR_CAPACITY);
    this.warner = new OnceWarner(options.warn);
    for (const definition of [...catalogue, ...diagnosticsCatalogue]) this.family(definition);
    if (options.defaultMetrics) {
      const gc = this.family(gcDefinition);
      this.runtime = new RuntimeMetrics((durationSeconds, kind) => gc.record(durationSeconds, undefined, kind));
    }
  }

  /** The family of `definition`, made when a copy of this package with a longer catalogue asks for it. */
  family(definition: MetricDefinition): AnyFamily {
    const existing = this.families.get(definition.name);
    if (existing !== undefined) return existing;
    const family = createFamily(definition, this);
    this.families.set(definition.name, family);
    return family;
  }

  /** Every family of this registry that has a series, without those of other sources. */
  snapshot(options: SnapshotOptions = {}): MetricSnapshot[] {
    const page: MetricSnapshot[] = [];
    for (const family of this.families.values()) {
      if (family.series.length > 0) page.push(family.snapshot(options.exemplars ?? 'peek'));
    }
    if (this.runtime !== undefined) page.push(...this.runtime.collect());
    return page;
  }

  /** What /metrics shows: this registry's families and those of the sources. */
  async gather(): Promise<MetricSnapshot[]> {
    const [, ...collected] = await Promise.all([
      this.runtime?.refresh(),
      ...Array.from(this.sources, async (source) => ({ source, families: await collectSource(source, this.onDrop) })),
    ]);
    const page = this.snapshot({ exemplars: 'none' });
    const own = Array.from(this.families.values(), ({ definition }) => claimedNames(definition));
    const claimed = new Set([...own.flat(), ...runtimeNames]);
    for (const { source, families } of collected) mergeFamilies(page, claimed, families, source, this.onDrop);
    return page;
  }

  /** Shows the families of `source` on /metrics until the returned function is called. */
  addSource(source: MetricSource): () => void {
    this.sources.add(source);
    return () => {
      this.sources.delete(source);
    };
  }

  refused(definition: MetricDefinition, reason: RefusalReason, value: unknown): void {
    this.count('crmbet_metrics_refused_values_total', definition.name, reason);
    this.warner.say(
      `refused ${definition.name} ${reason}`,
      `${definition.name}: a value was refused and counted in crmbet_metrics_refused_values_total: ${describe(value)} ` +
        `is not allowed, allowed is ${describeRange(definition.range)}. This is said once.`,
    );
  }

  overflowed(definition: MetricDefinition, label: string, limit: number): void {
    this.count('crmbet_metrics_overflowed_values_total', definition.name, label);
    const what = label === 'all' ? `${limit} series` : `${limit} values of label "${label}"`;
    this.warner.say(
      `overflow ${definition.name} ${label}`,
      `${definition.name}: the bound of ${what} is reached; what is new goes to the series "__overflow__" and is ` +
        `counted in crmbet_metrics_overflowed_values_total. This is said once.`,
    );
  }

  /** Stops observing the runtime. */
  close(): void {
    this.runtime?.close();
  }

  private readonly onDrop = (reason: DropReason, key: string, what: string): void => {
    this.count('crmbet_metrics_dropped_families_total', reason);
    this.warner.say(`dropped ${reason} ${key}`, `${what}; left out of /metrics. This is said once.`);
  };

  private count(name: (typeof diagnosticsCatalogue)[number]['name'], a: string, b?: string): void {
    // The diagnostics metrics are inside their own bounds; a value of theirs that is refused must not end here again.
    if (a !== name) this.families.get(name)?.record(1, undefined, a, b);
  }
}

function createFamily(definition: MetricDefinition, host: FamilyHost): AnyFamily {
  if (definition.type === 'counter') return new CounterFamily(definition, host);
  return definition.type === 'gauge' ? new GaugeFamily(definition, host) : new HistogramFamily(definition, host);
}

function describeRange({ min, max }: ValueRange): string {
  const from = min === undefined ? '' : ` from ${min}`;
  return `a finite number${from}${max === undefined ? '' : ` up to ${max}`}`;
}

/** A short text for any value; `String` alone throws for some objects. */
function describe(value: unknown): string {
  return typeof value === 'number' ? String(value) : `a value of type ${value === null ? 'null' : typeof value}`;
}
