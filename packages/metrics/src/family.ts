import { OVERFLOW_LABEL_VALUE } from './catalogue-types.ts';
import type { MetricDefinition } from './catalogue-types.ts';
import type { ExemplarMaker, MeasurementOrigin } from './exemplars.ts';
import { ownCopy, toLabelValue } from './label-values.ts';
import type { MetricSnapshot, SnapshotOptions } from './snapshot.ts';

export type RefusalReason = 'not_finite' | 'out_of_range';

/** What a family needs from its registry. */
export interface FamilyHost {
  readonly exemplars: ExemplarMaker;
  readonly startTimeUnixMs: number;
  /** Called for each value that was not recorded. */
  refused(definition: MetricDefinition, reason: RefusalReason, value: unknown): void;
  /** Called for each value recorded in an overflow series; `label` is a label's name, or `all`. */
  overflowed(definition: MetricDefinition, label: string, limit: number): void;
}

export type Labels = Readonly<Record<string, string>>;
export type ExemplarMode = NonNullable<SnapshotOptions['exemplars']>;

interface LabelNode<S> {
  children: Map<string, LabelNode<S>>;
  series: S | undefined;
}

function createNode<S>(): LabelNode<S> {
  return { children: new Map(), series: undefined };
}

/** One metric with all its series. Series are found through one map a label, so that a lookup makes no key text. */
export abstract class Family<S> {
  readonly definition: MetricDefinition;
  readonly series: S[] = [];
  protected readonly host: FamilyHost;
  private readonly root = createNode<S>();
  private readonly depth: number;
  private readonly min: number;
  private readonly max: number;
  /** Values of each label that have series of their own. */
  private readonly known: Set<string>[];

  constructor(definition: MetricDefinition, host: FamilyHost) {
    this.definition = definition;
    this.host = host;
    this.depth = definition.labels.length;
    this.min = definition.range.min ?? -Number.MAX_VALUE;
    this.max = definition.range.max ?? Number.MAX_VALUE;
    this.known = definition.labels.map(() => new Set<string>());
  }

  /** Records a measurement; label values in the order of the definition. Never throws. */
  abstract record(value: number, origin: MeasurementOrigin | undefined, a?: string, b?: string, c?: string): void;
  abstract snapshot(exemplars: ExemplarMode): MetricSnapshot;
  protected abstract create(labels: Labels): S;

  /** Whether `value` may be recorded; a refusal is counted. */
  protected accepts(value: unknown): value is number {
    // Comparisons with NaN are false, and the bounds are finite, so this also refuses NaN and both infinities.
    if (typeof value === 'number' && value >= this.min && value <= this.max) return true;
    this.host.refused(this.definition, Number.isFinite(value) ? 'out_of_range' : 'not_finite', value);
    return false;
  }

  protected find(a: string | undefined, b: string | undefined, c: string | undefined): S {
    let node: LabelNode<S> | undefined = this.root;
    if (this.depth > 0) node = node.children.get(a as string);
    if (this.depth > 1) node = node?.children.get(b as string);
    if (this.depth > 2) node = node?.children.get(c as string);
    return node?.series ?? this.findSlowly([a, b, c]);
  }

  private findSlowly(raw: readonly unknown[]): S {
    const values = this.definition.labels.map((label, index) => this.bounded(index, label, toLabelValue(raw[index])));
    const found = this.at(values);
    if (found.series !== undefined) return found.series;
    if (this.series.length < this.definition.maxSeries) return this.add(values);
    this.host.overflowed(this.definition, 'all', this.definition.maxSeries);
    const overflow = values.map(() => OVERFLOW_LABEL_VALUE);
    return this.at(overflow).series ?? this.add(overflow);
  }

  private bounded(index: number, label: MetricDefinition['labels'][number], value: string): string {
    const known = this.known[index];
    if (known === undefined || known.has(value) || known.size < label.maxValues) return value;
    if (value !== OVERFLOW_LABEL_VALUE) this.host.overflowed(this.definition, label.name, label.maxValues);
    return OVERFLOW_LABEL_VALUE;
  }

  /** The node of `values`; one outside of the tree when there is none. */
  private at(values: readonly string[]): LabelNode<S> {
    let node: LabelNode<S> | undefined = this.root;
    for (const value of values) node = node?.children.get(value);
    return node ?? createNode<S>();
  }

  private add(values: readonly string[]): S {
    const own = values.map(ownCopy);
    let node = this.root;
    for (const [index, value] of own.entries()) {
      this.known[index]?.add(value);
      let child = node.children.get(value);
      if (child === undefined) node.children.set(value, (child = createNode<S>()));
      node = child;
    }
    const names = this.definition.labels.map((label) => label.name);
    node.series = this.create(Object.freeze(Object.fromEntries(names.map((name, index) => [name, own[index] ?? '']))));
    this.series.push(node.series);
    return node.series;
  }
}
