import { TelemetryError } from '../errors.ts';
import { type MetricDescriptor, type MetricQuery } from '../query.ts';
import { type SeriesRow } from './metric-series.ts';
import { type Run } from './query-spans.ts';
import { type Row } from './read-pool.ts';
import { bigintOf, parseObject, textOf } from './rows-to-model.ts';
import { SqlFilter } from './sql-filter.ts';

/** Series of one query. */
const MAX_SERIES = 5000;

function seriesFromRow(row: Row): SeriesRow {
  return {
    id: bigintOf(row, 'series_id'),
    process: bigintOf(row, 'resource_id'),
    unit: textOf(row, 'unit'),
    type: textOf(row, 'type') as MetricDescriptor['type'],
    temporality: textOf(row, 'temporality') as SeriesRow['temporality'],
    monotonic: row['monotonic'] === true,
    service: textOf(row, 'service'),
    attributes: parseObject(textOf(row, 'attributes')),
    resource: parseObject(textOf(row, 'resource')),
    bounds: JSON.parse(textOf(row, 'bounds') || '[]') as number[],
    firstNs: bigintOf(row, 'first_ns'),
    // A series whose resource had reported before it appeared started at zero here, before our eyes.
    bornHere: bigintOf(row, 'first_ns') > bigintOf(row, 'resource_first_ns'),
  };
}

/** @throws {TelemetryError} `NOT_FOUND` when no metric of that name is stored at all */
export async function findSeries(run: Run, query: MetricQuery): Promise<{ kind: SeriesRow; series: SeriesRow[] }> {
  const filter = new SqlFilter();
  const name = filter.text(query.name);
  filter.where(`m.name = ${name}`);
  if (query.service !== undefined) filter.where(`m.service = ${filter.text(query.service)}`);
  for (const [key, value] of Object.entries(query.labels ?? {})) {
    const own = filter.jsonEquals('m.attributes', key, value);
    filter.where(key === 'service' ? `(${own} OR m.service = ${filter.text(value)})` : own);
  }
  const rows = await run(
    `SELECT m.*, coalesce(r.attributes, '{}') AS resource, f.resource_first_ns, ${filter.clause()} AS chosen
     FROM store.metric_series m LEFT JOIN store.resources r USING (resource_id)
       JOIN (SELECT resource_id, min(first_ns) AS resource_first_ns FROM store.metric_series GROUP BY resource_id) f USING (resource_id)
     WHERE m.name = ${name} ORDER BY chosen DESC, m.first_ns DESC LIMIT ${MAX_SERIES + 1}`,
    filter,
  );
  const [newest] = rows;
  if (newest === undefined)
    throw new TelemetryError(
      'NOT_FOUND',
      `No metric named ${JSON.stringify(query.name)} is stored. List the metrics to see what is.`,
    );
  const kind = seriesFromRow(newest);
  // Series of the same name but another type (an application changed it) cannot be added up with these.
  const series = rows
    .filter((row) => row['chosen'] === true)
    .map(seriesFromRow)
    .filter((one) => one.type === kind.type);
  if (series.length > MAX_SERIES)
    throw new TelemetryError(
      'INVALID_QUERY',
      `The query selects more than ${MAX_SERIES} series of ${query.name}. Add a label or service filter.`,
    );
  return { kind, series };
}
