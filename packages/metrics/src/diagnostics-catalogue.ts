import type { MetricDefinition } from './catalogue-types.ts';

const SOURCE = '@crmbet/metrics';
const metric = { name: 'metric', description: 'Name of the metric', maxValues: 200 } as const;

/** What this package says about itself: every value it did not record as it was given. */
export const diagnosticsCatalogue = [
  {
    name: 'crmbet_metrics_refused_values_total',
    help: 'Values that were not recorded because the metric cannot have them',
    type: 'counter',
    unit: '',
    labels: [metric, { name: 'reason', description: '`not_finite` or `out_of_range`', maxValues: 5 }],
    range: { min: 0 },
    maxSeries: 500,
    source: SOURCE,
  },
  {
    name: 'crmbet_metrics_overflowed_values_total',
    help: 'Values that were recorded in an overflow series because the bound of a label or of the metric was reached',
    type: 'counter',
    unit: '',
    labels: [
      metric,
      { name: 'label', description: 'Label past its bound; `all` for the number of series', maxValues: 50 },
    ],
    range: { min: 0 },
    maxSeries: 500,
    source: SOURCE,
  },
  {
    name: 'crmbet_metrics_dropped_families_total',
    help: 'Metric families of other sources that were left out of /metrics',
    type: 'counter',
    unit: '',
    labels: [
      {
        name: 'reason',
        description: '`name_clash`, `invalid`, `source_failed` or `source_timeout`',
        maxValues: 10,
      },
    ],
    range: { min: 0 },
    maxSeries: 10,
    source: SOURCE,
  },
] as const satisfies readonly MetricDefinition[];
