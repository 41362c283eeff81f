import { catalogue } from './catalogue.ts';
import { LABEL_VALUE_MAX_LENGTH, OVERFLOW_LABEL_VALUE, UNKNOWN_LABEL_VALUE } from './catalogue-types.ts';
import type { MetricDefinition, SpanMapping } from './catalogue-types.ts';
import { diagnosticsCatalogue } from './diagnostics-catalogue.ts';
import { gcDefinition, runtimeCatalogue } from './runtime-catalogue.ts';

/** The text of docs/metrics.md, made from the catalogue; a test says when the file is not current. */
export function renderReference(): string {
  return [
    '# Metrics',
    '',
    '<!-- Made from the catalogue of @crmbet/metrics: `npx vitest run --project unit packages/metrics/src/reference.test.ts -u` writes it anew. -->',
    '',
    'Every metric that `@crmbet/metrics` records, with its labels and bounds. The same names are on `/metrics` and in OTLP.',
    '',
    `- A label value past its bound is recorded as \`${OVERFLOW_LABEL_VALUE}\`; a new combination past the bound of series goes to the one series that has it in every label. Both are counted and said once.`,
    `- A label value is cut to ${LABEL_VALUE_MAX_LENGTH} characters; an absent or empty one is \`${UNKNOWN_LABEL_VALUE}\`.`,
    '- A value outside of the allowed range (and whatever is no finite number) is refused, counted and said once; nothing throws.',
    '- Where a span is given, the query side knows by it which series a trace has moved; otherwise by exemplars.',
    '',
    '## Documented metrics',
    '',
    ...catalogue.flatMap(section),
    '## What the package says about itself',
    '',
    ...diagnosticsCatalogue.flatMap(section),
    '## Process and runtime',
    '',
    "Named as by prom-client's `collectDefaultMetrics`. Its gauges that end with `_total` are left out, because that ending means a counter; `sum(nodejs_active_resources)` is such a total.",
    '',
    '| Metric | Type | Labels | Meaning |',
    '| --- | --- | --- | --- |',
    ...[...runtimeCatalogue, gcDefinition].map(row),
    '',
  ].join('\n');
}

function section(definition: MetricDefinition): string[] {
  const { name, help, type, unit, labels, buckets, range, maxSeries, source, span } = definition;
  return [
    `### \`${name}\``,
    '',
    `${help}.`,
    '',
    `- Type: ${type}${unit === '' ? '' : `, in ${unit}`}`,
    ...(buckets === undefined ? [] : [`- Buckets: ${buckets.join(', ')}`]),
    `- Allowed values: ${rangeText(range)}`,
    `- At most ${maxSeries} series`,
    ...(span === undefined ? [] : [`- Span: ${spanText(span)}`]),
    `- Source: ${source}`,
    '',
    ...labelTable(labels, span),
  ];
}

function labelTable(labels: MetricDefinition['labels'], span: SpanMapping | undefined): string[] {
  if (labels.length === 0) return [];
  return [
    '| Label | Meaning | Most values | Span attribute |',
    '| --- | --- | --- | --- |',
    ...labels.map(({ name, description, maxValues }) => {
      const from = span?.labels[name];
      const attribute = from === undefined ? '' : `\`${from.attribute}\`, else \`${from.absent}\``;
      return `| \`${name}\` | ${description} | ${maxValues} | ${attribute} |`;
    }),
    '',
  ];
}

function rangeText({ min, max }: MetricDefinition['range']): string {
  if (min === undefined) return 'any';
  return max === undefined ? `${min} and above` : `${min} to ${max}`;
}

function spanText({ kind, requires, excludes = {} }: SpanMapping): string {
  const without = Object.entries(excludes).map(([key, values]) => `, where \`${key}\` is not ${values.join(' or ')}`);
  return `kind ${kind} with ${requires.map((key) => `\`${key}\``).join(' and ')}${without.join('')}`;
}

function row({ name, type, labels, help }: MetricDefinition): string {
  return `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label.name}\``).join(', ')} | ${help} |`;
}
