import type { ServiceSummary } from '@crmbet/telemetry';
import type { JSX } from 'preact';
import { Filters, SelectFilter, TextFilter } from '../../components/filters.tsx';
import { PairFilter } from '../../components/pair-filter.tsx';
import { RangeFilter } from '../../components/range-filter.tsx';
import { formatDuration, parseDuration } from '../../format/duration.ts';
import { place } from '../../router/location.ts';
import { isNarrowed } from './trace-query.ts';

const showDuration = (value: string): string => formatDuration(Number(value));
const readDuration = (text: string): string | undefined => parseDuration(text)?.toString();
const durationHint = 'Write it as 250ms, 1.5s or 2min.';

export function TraceFilters({ services }: { services: readonly ServiceSummary[] }): JSX.Element {
  const { params } = place.value;
  const service = params.get('service') ?? '';
  const named = services.filter((one) => service === '' || one.name === service);
  const operations = [...new Set(named.flatMap((one) => one.operations))].toSorted();
  return (
    <Filters label="Search traces">
      <SelectFilter
        label="Service"
        name="service"
        clears={['operation']}
        options={[['', 'All services'], ...services.map((one) => [one.name, one.name] as const)]}
      />
      <TextFilter label="Operation" name="operation" placeholder="exact name of a span" options={operations} />
      <SelectFilter
        label="Status"
        name="status"
        options={[
          ['', 'Any'],
          ['error', 'Error'],
          ['ok', 'OK'],
          ['unset', 'Not set'],
        ]}
      />
      <div class="field-pair">
        <TextFilter
          label="From duration"
          name="minDurationMs"
          placeholder="250ms"
          show={showDuration}
          parse={readDuration}
          hint={durationHint}
        />
        <TextFilter
          label="To duration"
          name="maxDurationMs"
          placeholder="2s"
          show={showDuration}
          parse={readDuration}
          hint={durationHint}
        />
      </div>
      <PairFilter label="Attributes" name="attribute" placeholder="http.route=/users" />
      <TextFilter label="Correlation ID" name="correlationId" mono />
      <RangeFilter />
      <SelectFilter
        label="At most"
        name="limit"
        options={[
          ['20', '20 traces'],
          ['', '100 traces'],
          ['500', '500 traces'],
          ['1000', '1,000 traces'],
        ]}
      />
      {isNarrowed(params) && (
        <a class="clear" href="/traces">
          Clear all filters
        </a>
      )}
    </Filters>
  );
}
