import { type Attributes, type CorrelatedMetric, type Span } from '../query.ts';
import { idToHex } from './ids.ts';
import { limitedTo, type Limited } from './limited.ts';
import { type Run } from './query-spans.ts';
import { bigintOf, numberOf, parseObject, textOf } from './rows-to-model.ts';
import { matchesLabels, seriesMovedBy, type MovedSeries } from './span-metrics.ts';
import { SqlFilter } from './sql-filter.ts';

const MAX_EXEMPLARS = 1000;
const MAX_MOVED = 500;
const MAX_CANDIDATES = 5000;

const labelsFrom = (attributes: Attributes): Record<string, string> =>
  Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  );

/** A series that says how something stands, not how often something happened. */
const IS_STATE = "(m.type = 'gauge' OR (m.type = 'sum' AND NOT m.monotonic))";

/** Stored exemplars that carry one of the traces or the correlation ID; of a state's series, which nothing moved, only the first. */
export async function metricsByExemplar(
  run: Run,
  traceIds: readonly bigint[],
  correlationId: string,
): Promise<Limited<CorrelatedMetric>> {
  const filter = new SqlFilter();
  const carriesTrace = `e.trace_id IN (SELECT unnest(${filter.traceIdList(traceIds)}))`;
  filter.where(`(${carriesTrace} OR e.correlation_id = ${filter.text(correlationId)})`);
  const rows = await run(
    `SELECT DISTINCT m.name, m.service, m.attributes, e.time_ns, e.value, e.trace_id, e.span_id
     FROM store.exemplars e JOIN store.metric_series m USING (series_id)
     WHERE ${filter.clause()}
     QUALIFY NOT ${IS_STATE} OR row_number() OVER (PARTITION BY e.series_id ORDER BY e.time_ns) = 1
     ORDER BY e.time_ns, m.name LIMIT ${MAX_EXEMPLARS + 1}`,
    filter,
  );
  const metrics = rows.map((row): CorrelatedMetric => ({
    name: textOf(row, 'name'),
    serviceName: textOf(row, 'service'),
    labels: labelsFrom(parseObject(textOf(row, 'attributes'))),
    via: 'exemplar',
    timeUnixNano: String(bigintOf(row, 'time_ns')),
    value: numberOf(row, 'value'),
    traceId: idToHex(bigintOf(row, 'trace_id'), 32),
    spanId: idToHex(bigintOf(row, 'span_id'), 16),
  }));
  return limitedTo(MAX_EXEMPLARS, metrics);
}

interface Candidate {
  id: bigint;
  name: string;
  service: string;
  attributes: Attributes;
}

/** Stored series of the metrics and services that the spans may have moved, newest first. */
async function findCandidates(run: Run, moved: readonly MovedSeries[]): Promise<Candidate[]> {
  const filter = new SqlFilter();
  const names = [...new Set(moved.map(({ name }) => name))].map((name) => filter.text(name));
  const services = [...new Set(moved.map(({ serviceName }) => serviceName))].map((name) => filter.text(name));
  filter.where(`name IN (${names.join(', ')})`).where(`service IN (${services.join(', ')})`);
  const rows = await run(
    `SELECT series_id, name, service, attributes FROM store.metric_series WHERE ${filter.clause()} ORDER BY first_ns DESC LIMIT ${MAX_CANDIDATES}`,
    filter,
  );
  return rows.map((row) => ({
    id: bigintOf(row, 'series_id'),
    name: textOf(row, 'name'),
    service: textOf(row, 'service'),
    attributes: parseObject(textOf(row, 'attributes')),
  }));
}

/** Last point of each series: its value, of a histogram or summary its count. */
async function lastPoints(run: Run, ids: readonly bigint[]): Promise<Map<bigint, { timeNs: bigint; value: number }>> {
  const filter = new SqlFilter();
  filter.where(`p.series_id IN (SELECT unnest(${filter.uint64List(ids)}))`);
  const rows = await run(
    `SELECT p.series_id, max(p.time_ns) AS time_ns,
       arg_max(CASE WHEN m.type IN ('gauge', 'sum') THEN p.value ELSE p.count END, p.time_ns) AS value
     FROM store.metric_points p JOIN store.metric_series m USING (series_id) WHERE ${filter.clause()} GROUP BY p.series_id`,
    filter,
  );
  return new Map(
    rows.map((row) => [
      bigintOf(row, 'series_id'),
      { timeNs: bigintOf(row, 'time_ns'), value: numberOf(row, 'value') },
    ]),
  );
}

/** Series that the spans must have moved and that are stored; placed in time at the end of the first span that moved them. */
export async function metricsBySpan(run: Run, spans: readonly Span[]): Promise<Limited<CorrelatedMetric>> {
  const { items: moved, truncated } = limitedTo(MAX_MOVED, seriesMovedBy(spans));
  if (moved.length === 0) return { items: [], truncated };
  const candidates = await findCandidates(run, moved);
  const found = moved.flatMap((one) => {
    const series = candidates.filter(
      ({ name, service, attributes }) =>
        name === one.name && service === one.serviceName && matchesLabels(attributes, one.labels),
    );
    return series.length === 0 ? [] : [{ moved: one, ids: series.map(({ id }) => id) }];
  });
  if (found.length === 0) return { items: [], truncated };
  const last = await lastPoints(
    run,
    found.flatMap(({ ids }) => ids),
  );
  const items = found.flatMap(({ moved: { name, serviceName, labels, span }, ids }) => {
    // Of several processes, the one that reported last.
    const [newest] = ids.flatMap((id) => last.get(id) ?? []).sort((a, b) => (a.timeNs < b.timeNs ? 1 : -1));
    if (newest === undefined) return [];
    const { traceId, spanId, endTimeUnixNano } = span;
    return [
      {
        name,
        serviceName,
        labels,
        via: 'span' as const,
        timeUnixNano: endTimeUnixNano,
        value: newest.value,
        traceId,
        spanId,
      },
    ];
  });
  return { items, truncated };
}
