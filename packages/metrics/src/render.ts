import { escapeHelp, escapeLabelValue, formatBound, formatNumber, toLabelName } from './escape.ts';
import type { Exemplar, HistogramSnapshot, MetricSnapshot, NumberSeries } from './snapshot.ts';

/** `text`: Prometheus text format 0.0.4. `openmetrics`: OpenMetrics 1.0, which also shows exemplars. */
export type ExpositionFormat = 'text' | 'openmetrics';

export const CONTENT_TYPES: Readonly<Record<ExpositionFormat, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** Characters that all names and values of an exemplar's labels may have together (OpenMetrics 1.0). */
const EXEMPLAR_MAX_LENGTH = 128;

/** The page of `families` in one of the formats. */
export function render(families: readonly MetricSnapshot[], format: ExpositionFormat): string {
  const openMetrics = format === 'openmetrics';
  let page = '';
  for (const family of families) page += renderFamily(family, openMetrics);
  return openMetrics ? `${page}# EOF\n` : page;
}

function renderFamily(family: MetricSnapshot, openMetrics: boolean): string {
  // OpenMetrics names a counter's family without the ending that its samples have.
  const name = openMetrics && family.type === 'counter' ? family.name.replace(/_total$/, '') : family.name;
  let page = `# HELP ${name} ${escapeHelp(family.help, openMetrics)}\n# TYPE ${name} ${family.type}\n`;
  if (openMetrics && family.unit !== '' && name.endsWith(`_${family.unit}`)) page += `# UNIT ${name} ${family.unit}\n`;
  if (family.type === 'histogram') return page + renderHistogram(family, openMetrics);
  for (const series of family.series)
    page += renderNumber(family.name, series, openMetrics && family.type === 'counter');
  return page;
}

function renderNumber(name: string, series: NumberSeries, withExemplar: boolean): string {
  const labels = labelText(series.labels);
  const exemplar = withExemplar ? exemplarText(series.latestExemplar) : '';
  return `${labels === '' ? name : `${name}{${labels}}`} ${formatNumber(series.value)}${exemplar}\n`;
}

function renderHistogram(family: HistogramSnapshot, openMetrics: boolean): string {
  const bounds = family.bounds.map((bound) => formatBound(bound, openMetrics));
  let page = '';
  for (const series of family.series) {
    const labels = labelText(series.labels);
    const bucket = `${family.name}_bucket{${labels === '' ? '' : `${labels},`}le="`;
    let cumulative = 0;
    for (let index = 0; index <= bounds.length; index += 1) {
      cumulative += series.bucketCounts[index] ?? 0;
      const exemplar = openMetrics ? exemplarText(series.bucketExemplars?.[index]) : '';
      page += `${bucket}${bounds[index] ?? '+Inf'}"} ${cumulative}${exemplar}\n`;
    }
    const suffix = labels === '' ? '' : `{${labels}}`;
    page += `${family.name}_sum${suffix} ${formatNumber(series.sum)}\n${family.name}_count${suffix} ${cumulative}\n`;
  }
  return page;
}

/** Texts of label sets that are the same object from scrape to scrape. */
const labelTexts = new WeakMap<Readonly<Record<string, string>>, string>();

function labelText(labels: Readonly<Record<string, string>>): string {
  const known = labelTexts.get(labels);
  if (known !== undefined) return known;
  const byName = new Map<string, string>();
  for (const [key, value] of Object.entries(labels)) {
    const name = toLabelName(key);
    const other = byName.get(name);
    byName.set(name, other === undefined ? value : `${other};${value}`);
  }
  const text = Array.from(byName, ([name, value]) => `${name}="${escapeLabelValue(value)}"`).join(',');
  // Only what cannot change: another source may reuse one object for different labels.
  if (Object.isFrozen(labels)) labelTexts.set(labels, text);
  return text;
}

function exemplarText(exemplar: Exemplar | undefined): string {
  if (exemplar === undefined) return '';
  const { traceId, spanId, correlationId, value, timeUnixMs } = exemplar;
  let labels = `trace_id="${traceId}",span_id="${spanId}"`;
  const length = 'trace_id'.length + traceId.length + 'span_id'.length + spanId.length;
  const withCorrelation = length + 'correlation_id'.length + correlationId.length;
  if (correlationId !== '' && withCorrelation <= EXEMPLAR_MAX_LENGTH) {
    labels += `,correlation_id="${escapeLabelValue(correlationId)}"`;
  }
  return ` # {${labels}} ${formatNumber(value)} ${(timeUnixMs / 1000).toFixed(3)}`;
}
