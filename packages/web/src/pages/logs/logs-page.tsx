import type { JSX } from 'preact';
import { findLogs, getServices } from '../../api/client.ts';
import { useResource } from '../../api/use-resource.ts';
import { Filters, SelectFilter, TextFilter } from '../../components/filters.tsx';
import { ErrorNotice, Loading, Notice, NothingYet } from '../../components/notice.tsx';
import { PairFilter } from '../../components/pair-filter.tsx';
import { RangeFilter } from '../../components/range-filter.tsx';
import { isLive, liveMs, Toolbar } from '../../components/toolbar.tsx';
import { counted, formatCount } from '../../format/number.ts';
import { place } from '../../router/location.ts';
import { isNarrowed } from '../traces/trace-query.ts';
import { defaultLimit, logLevels, logQueryOf } from './log-query.ts';
import { LogRows } from './log-rows.tsx';

function LogFilters({ services }: { services: readonly string[] }): JSX.Element {
  return (
    <Filters label="Search logs">
      <TextFilter label="Text" name="text" placeholder="part of the message" />
      <SelectFilter
        label="Level"
        name="minLevel"
        options={[
          ['', 'All levels'],
          ...logLevels.slice(1).map((level) => [level, level === 'fatal' ? level : `${level} and above`] as const),
        ]}
      />
      <SelectFilter
        label="Service"
        name="service"
        options={[['', 'All services'], ...services.map((name) => [name, name] as const)]}
      />
      <PairFilter label="Fields" name="field" placeholder="slow_query=true" />
      <TextFilter label="Correlation ID" name="correlationId" mono />
      <TextFilter label="Trace ID" name="traceId" mono />
      <RangeFilter />
      <SelectFilter
        label="Order"
        name="order"
        options={[
          ['', 'Newest first'],
          ['asc', 'Oldest first'],
        ]}
      />
      <SelectFilter
        label="At most"
        name="limit"
        options={[
          ['100', '100 lines'],
          ['', `${formatCount(defaultLimit)} lines`],
          ['2000', '2,000 lines'],
          ['10000', '10,000 lines'],
        ]}
      />
      {isNarrowed(place.value.params) && (
        <a class="clear" href="/logs">
          Clear all filters
        </a>
      )}
    </Filters>
  );
}

/** Search in the logs. */
export function LogsPage(): JSX.Element {
  const { params } = place.value;
  const asked = new URLSearchParams(params);
  asked.delete('live');
  const services = useResource('services', getServices, { everyMs: 30_000 });
  const { data, error, loading, reload } = useResource(
    asked.toString(),
    (signal) => findLogs(logQueryOf(params, Date.now()), signal),
    { everyMs: isLive() ? liveMs : 0, keep: true },
  );
  return (
    <div class="page with-filters">
      <h1 class="visually-hidden">Logs</h1>
      <LogFilters services={(services.data ?? []).map((one) => one.name)} />
      <section class="results" aria-busy={loading}>
        <Toolbar
          summary={data === undefined ? (error === undefined ? 'Searching …' : '') : counted(data.length, 'line')}
          loading={loading}
          onRefresh={reload}
        />
        {error !== undefined && <ErrorNotice error={error} onRetry={reload} />}
        {error === undefined && data === undefined && <Loading what="logs" />}
        {error === undefined && data?.length === 0 && !isNarrowed(params) && <NothingYet what="logs" />}
        {error === undefined && data?.length === 0 && isNarrowed(params) && (
          <Notice title="No log line matches">
            <p>
              Widen the time or take a filter away, or <a href="/logs">clear all filters</a>.
            </p>
          </Notice>
        )}
        {data !== undefined && data.length > 0 && <LogRows logs={data} />}
      </section>
    </div>
  );
}
