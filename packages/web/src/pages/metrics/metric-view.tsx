import type { MetricDescriptor, MetricQueryResult } from '@crmbet/telemetry';
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { queryMetric } from '../../api/client.ts';
import { useResource } from '../../api/use-resource.ts';
import { ErrorNotice, Loading, Notice } from '../../components/notice.tsx';
import { isLive, Toolbar } from '../../components/toolbar.tsx';
import { counted, formatValue } from '../../format/number.ts';
import { place, withParams } from '../../router/location.ts';
import { Chart } from './chart.tsx';
import { Legend } from './legend.tsx';
import { linesOf, mostLines } from './lines.ts';
import { MetricControls } from './metric-controls.tsx';
import { metricQueryOf } from './metric-query.ts';

const chartLiveMs = 5000;

/** The unit that the values of a result are in. */
function formatterOf(result: MetricQueryResult): (value: number) => string {
  const counts = result.aggregation === 'rate' || result.aggregation === 'increase';
  const ofHistogram = result.type !== 'gauge' && result.type !== 'sum';
  // The rate of a histogram is of its observations, which have no unit.
  const unit = counts && ofHistogram ? '1' : result.unit;
  return (value) => formatValue(value, unit, result.aggregation === 'rate');
}

function Lines({ result }: { result: MetricQueryResult }): JSX.Element {
  const lines = useMemo(() => linesOf(result.series, result.name), [result]);
  const format = useMemo(() => formatterOf(result), [result]);
  const [solo, setSolo] = useState('');
  const [cursor, setCursor] = useState<number | undefined>();
  if (lines.length === 0) {
    return (
      <Notice title="No values in this time range">
        <p>
          <a href={withParams(place.value, { range: 'all', startMs: undefined, endMs: undefined })}>Show all time</a>,
          or take a label away.
        </p>
      </Notice>
    );
  }
  return (
    <>
      <Chart lines={lines} solo={solo} format={format} onCursor={setCursor} />
      {result.series.length > mostLines && (
        <p class="soft chart-note">
          The {mostLines} highest of {counted(result.series.length, 'series', 'series')} are drawn. Group by a label or
          filter to see others.
        </p>
      )}
      <Legend lines={lines} solo={solo} onSolo={setSolo} format={format} cursorSeconds={cursor} />
    </>
  );
}

/** One metric: what it is, how to draw it, its lines and their legend. */
export function MetricView({ metric }: { metric: MetricDescriptor }): JSX.Element {
  const { params } = place.value;
  const asked = new URLSearchParams(params);
  asked.delete('live');
  const { data, error, loading, reload } = useResource(
    `${metric.name} ${asked.toString()}`,
    (signal) => queryMetric(metricQueryOf(params, metric, Date.now()), signal),
    { everyMs: isLive() ? chartLiveMs : 0, keep: true },
  );
  const facts = [
    metric.type.replace('_', ' '),
    metric.unit === '' || metric.unit === '1' ? '' : `in ${metric.unit}`,
    counted(metric.seriesCount, 'series', 'series'),
    metric.services.join(', '),
  ];
  return (
    <section class="results metric-view" aria-busy={loading}>
      <Toolbar summary={facts.filter((fact) => fact !== '').join(' · ')} loading={loading} onRefresh={reload} />
      <div class="metric-scroll">
        <header class="metric-head">
          <h2>{metric.name}</h2>
          {metric.description !== '' && <p>{metric.description}</p>}
        </header>
        <MetricControls metric={metric} />
        {error !== undefined && <ErrorNotice error={error} onRetry={reload} />}
        {error === undefined && data === undefined && <Loading what="the chart" />}
        {error === undefined && data !== undefined && <Lines result={data} />}
      </div>
    </section>
  );
}
