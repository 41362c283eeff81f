import { type MetricDescriptor, type TimeRange } from '../query.ts';
import { type Run } from './query-spans.ts';
import { type Row } from './read-pool.ts';
import { numberOf, textOf } from './rows-to-model.ts';
import { SqlFilter } from './sql-filter.ts';

const MAX_METRICS = 5000;

export async function listMetrics(run: Run, range: TimeRange): Promise<MetricDescriptor[]> {
  const filter = new SqlFilter();
  if (range.startMs !== undefined || range.endMs !== undefined) {
    const points = new SqlFilter();
    points.whereIn(range, 'time_ns');
    Object.assign(filter.values, points.values);
    Object.assign(filter.types, points.types);
    filter.where(`series_id IN (SELECT DISTINCT series_id FROM store.metric_points WHERE ${points.clause()})`);
  }
  const rows = await run(
    `WITH chosen AS (SELECT * FROM store.metric_series WHERE ${filter.clause()}),
       keys AS (SELECT name, list(DISTINCT key ORDER BY key) AS labels FROM (SELECT name, unnest(json_keys(attributes)) AS key FROM chosen) GROUP BY name)
     SELECT c.name, arg_max(c.description, c.first_ns) AS description, arg_max(c.unit, c.first_ns) AS unit,
       arg_max(c.type, c.first_ns) AS type, arg_max(c.monotonic, c.first_ns) AS monotonic,
       list(DISTINCT c.service ORDER BY c.service) AS services, count(*) AS series, any_value(k.labels) AS labels
     FROM chosen c LEFT JOIN keys k USING (name) GROUP BY c.name ORDER BY c.name LIMIT ${MAX_METRICS}`,
    filter,
  );
  return rows.map((row) => ({
    name: textOf(row, 'name'),
    description: textOf(row, 'description'),
    unit: textOf(row, 'unit'),
    type: textOf(row, 'type') as MetricDescriptor['type'],
    monotonic: row['monotonic'] === true,
    labels: listOf(row, 'labels'),
    services: listOf(row, 'services'),
    seriesCount: numberOf(row, 'series'),
  }));
}

function listOf(row: Row, column: string): string[] {
  const value = row[column];
  return typeof value === 'object' && value !== null && 'items' in value ? value.items.map(String) : [];
}
