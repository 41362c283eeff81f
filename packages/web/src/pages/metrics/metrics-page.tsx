import type { MetricDescriptor } from '@crmbet/telemetry';
import type { JSX } from 'preact';
import { listMetrics } from '../../api/client.ts';
import { useResource } from '../../api/use-resource.ts';
import { ErrorNotice, Loading, NothingYet } from '../../components/notice.tsx';
import { place } from '../../router/location.ts';
import { MetricList } from './metric-list.tsx';
import { MetricView } from './metric-view.tsx';

/** Shown first when the URL names no metric, whichever of them exists. */
const favourites = ['http_request_duration_seconds', 'http.server.request.duration', 'http_requests_total'];

function chosen(metrics: readonly MetricDescriptor[], name: string | null): MetricDescriptor | undefined {
  if (name !== null) return metrics.find((metric) => metric.name === name);
  const favourite = favourites.find((one) => metrics.some((metric) => metric.name === one));
  return metrics.find((metric) => metric.name === favourite) ?? metrics[0];
}

/** Every metric in a list, and the chosen one as a chart. */
export function MetricsPage(): JSX.Element {
  const { data, error, reload } = useResource('metrics', listMetrics, { everyMs: 30_000 });
  const name = place.value.params.get('name');
  if (data === undefined)
    return error === undefined ? <Loading what="metrics" /> : <ErrorNotice error={error} onRetry={reload} />;
  if (data.length === 0) return <NothingYet what="metrics" />;
  const metric = chosen(data, name);
  return (
    <div class="page metrics-page">
      <h1 class="visually-hidden">Metrics</h1>
      <MetricList metrics={data} chosen={metric?.name ?? ''} />
      {metric === undefined ? (
        <section class="results notice">
          <h2>Nothing found for {name}</h2>
          <p>No metric of that name is stored. Choose one from the list.</p>
        </section>
      ) : (
        <MetricView key={metric.name} metric={metric} />
      )}
    </div>
  );
}
