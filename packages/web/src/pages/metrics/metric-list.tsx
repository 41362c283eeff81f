import type { MetricDescriptor } from '@crmbet/telemetry';
import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { counted } from '../../format/number.ts';
import { Rows } from '../../lists/rows.tsx';
import { navigate, place } from '../../router/location.ts';
import { pageHref } from '../../router/routes.ts';

const typeNames: Readonly<Record<MetricDescriptor['type'], string>> = {
  gauge: 'gauge',
  sum: 'sum',
  histogram: 'histogram',
  exponential_histogram: 'exp. histogram',
  summary: 'summary',
};

const keyOf = (metric: MetricDescriptor): string => metric.name;

/** The address of another metric; only the time range goes along, since labels belong to one metric. */
function hrefOf(metric: MetricDescriptor): string {
  const { params } = place.value;
  const kept = (name: string): string => params.get(name) ?? '';
  return pageHref('metrics', {
    name: metric.name,
    range: kept('range'),
    startMs: kept('startMs'),
    endMs: kept('endMs'),
  });
}

/** The metrics with a field that finds among names and descriptions. */
export function MetricList({ metrics, chosen }: { metrics: readonly MetricDescriptor[]; chosen: string }): JSX.Element {
  const [text, setText] = useState('');
  const found = useMemo(() => {
    const words = text.toLowerCase().split(/\s+/);
    return metrics.filter((metric) => {
      const all = `${metric.name} ${metric.description}`.toLowerCase();
      return words.every((word) => all.includes(word));
    });
  }, [metrics, text]);
  return (
    <nav class="metric-list" aria-label="Metrics" data-filters="">
      <div class="field">
        <input
          type="text"
          aria-label="Find a metric"
          placeholder={`Find among ${counted(metrics.length, 'metric')}`}
          autocomplete="off"
          spellcheck={false}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            const [first] = found;
            if (event.key === 'Enter' && first !== undefined) navigate(hrefOf(first));
          }}
        />
      </div>
      {found.length === 0 && <p class="panel-note">No metric’s name or description has that.</p>}
      <Rows
        items={found}
        keyOf={keyOf}
        rowHeight={44}
        label="Metrics. Enter shows the chart"
        class="metric-rows"
        primary
        activeKey={chosen}
        row={(metric) => (
          <span role="gridcell" class="metric-item" title={metric.description}>
            <a href={hrefOf(metric)} tabIndex={-1}>
              {metric.name}
            </a>
            <span class="soft">
              {typeNames[metric.type]} · {counted(metric.seriesCount, 'series', 'series')}
            </span>
          </span>
        )}
        rowAttributes={(metric) => ({ 'aria-selected': metric.name === chosen })}
        onOpen={(metric) => navigate(hrefOf(metric))}
      />
    </nav>
  );
}
