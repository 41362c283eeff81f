import { type Attributes, type MetricDescriptor } from '../query.ts';

export interface SeriesRow {
  id: bigint;
  /** Of its resource: series of one process are exported together. */
  process: bigint;
  unit: string;
  type: MetricDescriptor['type'];
  temporality: '' | 'delta' | 'cumulative';
  monotonic: boolean;
  service: string;
  attributes: Attributes;
  resource: Attributes;
  bounds: readonly number[];
  firstNs: bigint;
  /** Its first stored point counts from zero: the process had reported other series before. */
  bornHere: boolean;
}

export interface PointRow {
  seriesId: bigint;
  timeMs: number;
  startMs: number;
  /** Since the point before it in the store; 0 for the first. */
  gapMs: number;
  value: number;
  count: number;
  sum: number;
  buckets: string;
  detail: string;
}

/** Attributes and `service` as label texts; a metric's own `service` label wins. */
export function labelsOf(series: SeriesRow): Record<string, string> {
  const labels: Record<string, string> = { service: series.service };
  for (const [key, value] of Object.entries(series.attributes))
    labels[key] = typeof value === 'string' ? value : JSON.stringify(value);
  return labels;
}

/** Tells apart what the labels do not: the same metric of two processes of one service. */
export function instanceOf({ resource }: SeriesRow): string {
  const id = resource['service.instance.id'] ?? resource['process.pid'] ?? resource['host.name'] ?? '';
  return typeof id === 'string' ? id : JSON.stringify(id);
}

/** Series grouped by the labels to keep; ungrouped, each by itself, told apart by `instance` where labels are equal. */
export function groupSeries(
  series: readonly SeriesRow[],
  groupBy: readonly string[] | undefined,
): Map<string, { labels: Record<string, string>; members: SeriesRow[] }> {
  const groups = new Map<string, { labels: Record<string, string>; members: SeriesRow[] }>();
  const add = (labels: Record<string, string>, one: SeriesRow) => {
    const key = JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
    const group = groups.get(key) ?? { labels, members: [] };
    group.members.push(one);
    groups.set(key, group);
  };
  if (groupBy !== undefined) {
    for (const one of series) {
      const all = labelsOf(one);
      add(Object.fromEntries(groupBy.map((label) => [label, all[label] ?? ''])), one);
    }
    return groups;
  }
  for (const one of series) add(labelsOf(one), one);
  const byLabels = Array.from(groups);
  for (const [key, { labels, members }] of byLabels) {
    if (members.length < 2) continue;
    groups.delete(key);
    // The same process under other histogram bounds stays one line.
    for (const one of members) add({ ...labels, instance: instanceOf(one) }, one);
  }
  return groups;
}
