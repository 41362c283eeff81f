import { catalogue, type SpanMapping } from '@crmbet/metrics';
import { type Attributes, type Span } from '../query.ts';

export interface MovedSeries {
  name: string;
  serviceName: string;
  labels: Record<string, string>;
  /** The first span that moved it. */
  span: Span;
}

const textOf = (value: unknown): string | undefined => {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
};

function labelsFor(
  { kind, requires, excludes = {}, labels }: SpanMapping,
  span: Span,
): Record<string, string> | undefined {
  const { attributes } = span;
  if (span.kind !== kind || requires.some((key) => !(key in attributes))) return undefined;
  if (Object.entries(excludes).some(([key, values]) => values.includes(textOf(attributes[key]) ?? '')))
    return undefined;
  return Object.fromEntries(
    Object.entries(labels).map(([label, { attribute, absent }]) => [label, textOf(attributes[attribute]) ?? absent]),
  );
}

/** The series that finished spans must have moved, by the catalogue's mapping; each once a service. */
export function seriesMovedBy(spans: readonly Span[]): MovedSeries[] {
  const moved = new Map<string, MovedSeries>();
  for (const span of spans) {
    for (const { name, span: mapping } of catalogue as readonly { name: string; span?: SpanMapping }[]) {
      const labels = mapping === undefined ? undefined : labelsFor(mapping, span);
      if (labels === undefined) continue;
      const key = JSON.stringify([name, span.serviceName, labels]);
      if (!moved.has(key)) moved.set(key, { name, serviceName: span.serviceName, labels, span });
    }
  }
  return [...moved.values()];
}

/** Whether a stored series' attributes are those labels. */
export function matchesLabels(attributes: Attributes, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(labels).every(([label, value]) => textOf(attributes[label]) === value);
}
