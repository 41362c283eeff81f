import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { findTraces, getServices } from '../../api/client.ts';
import { useResource } from '../../api/use-resource.ts';
import { ErrorNotice, Loading, Notice, NothingYet } from '../../components/notice.tsx';
import { isLive, liveMs, Toolbar } from '../../components/toolbar.tsx';
import { counted } from '../../format/number.ts';
import { place } from '../../router/location.ts';
import { DurationScatter } from './duration-scatter.tsx';
import { isNarrowed, sorted, sortOf, traceQueryOf } from './trace-query.ts';
import { TraceFilters } from './trace-filters.tsx';
import { TraceRows } from './trace-rows.tsx';

/** Parameters that change how the answer is shown, not what is asked. */
function questionOf(params: URLSearchParams): string {
  const asked = new URLSearchParams(params);
  for (const name of ['live', 'sort']) asked.delete(name);
  return asked.toString();
}

/** Search for traces: filters, durations over time, and the traces as rows. */
export function TracesPage(): JSX.Element {
  const { params } = place.value;
  const services = useResource('services', getServices, { everyMs: 30_000 });
  const { data, error, loading, reload } = useResource(
    questionOf(params),
    (signal) => findTraces(traceQueryOf(params, Date.now()), signal),
    { everyMs: isLive() ? liveMs : 0, keep: true },
  );
  const sort = sortOf(params);
  const traces = useMemo(() => sorted(data ?? [], sort), [data, sort]);
  const failed = traces.filter((trace) => trace.errorCount > 0).length;

  const found = data === undefined ? (error === undefined ? 'Searching …' : '') : counted(traces.length, 'trace');
  return (
    <div class="page with-filters">
      <h1 class="visually-hidden">Traces</h1>
      <TraceFilters services={services.data ?? []} />
      <section class="results" aria-busy={loading}>
        <Toolbar
          summary={failed === 0 ? found : `${found}, ${failed} with errors`}
          loading={loading}
          onRefresh={reload}
        />
        {error !== undefined && <ErrorNotice error={error} onRetry={reload} />}
        {error === undefined && data === undefined && <Loading what="traces" />}
        {data?.length === 0 && error === undefined && (isNarrowed(params) ? <NoMatch /> : <NothingYet what="traces" />)}
        {traces.length > 0 && (
          <>
            <DurationScatter traces={traces} />
            <TraceRows traces={traces} sort={sort} />
          </>
        )}
      </section>
    </div>
  );
}

function NoMatch(): JSX.Element {
  return (
    <Notice title="No trace matches">
      <p>
        Widen the time or take a filter away, or <a href="/traces">clear all filters</a>.
      </p>
    </Notice>
  );
}
