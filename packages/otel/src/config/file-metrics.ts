import { otlpFromFile } from './file-exporters.ts';
import type { Reading } from './file-reading.ts';
import type { SettingsInput } from './read.ts';

type Exporter = NonNullable<NonNullable<SettingsInput['metrics']>['exporters']>[number];
type Draft = { -readonly [Group in keyof SettingsInput]: object };

/** The metric readers of the file. */
export function metricsFromFile(provider: Reading): SettingsInput {
  if (!provider.exists) return { metrics: { exporters: [] } };
  const exporters: Exporter[] = [];
  const draft: Draft = {};
  const take = (exporter: Exporter, reading: Reading) => {
    if (exporters.includes(exporter)) reading.missing(`a second exporter \`${exporter}\``);
    else exporters.push(exporter);
  };
  for (const reader of provider.items('readers')) {
    for (const { choice, reading } of reader.choose({ periodic: 'periodic', pull: 'pull' }, 'reader')) {
      if (choice === 'periodic') readPeriodic(reading, draft, take);
      else readPull(reading, draft, take);
      const limit = reading.child('cardinality_limits').number('default');
      if (limit !== undefined) draft.metrics = { ...draft.metrics, cardinalityLimit: limit };
    }
  }
  checkExemplars(provider);
  return { ...(draft as SettingsInput), metrics: { ...draft.metrics, exporters } };
}

function readPeriodic(reading: Reading, draft: Draft, take: (exporter: Exporter, reading: Reading) => void): void {
  const times = reading.pick({ interval: 'exportIntervalMs', timeout: 'exportTimeoutMs' });
  draft.metrics = { ...draft.metrics, ...times };
  const known = { otlp_http: 'http', otlp_grpc: 'grpc', console: 'console' } as const;
  for (const found of reading.child('exporter').choose(known, 'exporter')) {
    if (found.choice === 'console') {
      take('console', reading);
      continue;
    }
    take('otlp', reading);
    const temporality = found.reading.text('temporality_preference')?.replace('_', '');
    const { default_histogram_aggregation: histogramAggregation } = found.reading.pick({
      default_histogram_aggregation: 'default_histogram_aggregation',
    });
    draft.otlpMetrics = {
      ...otlpFromFile(found.reading, found.choice),
      ...(temporality === undefined ? {} : { temporality }),
      ...(histogramAggregation === undefined ? {} : { histogramAggregation }),
    };
  }
}

function readPull(reading: Reading, draft: Draft, take: (exporter: Exporter, reading: Reading) => void): void {
  const known = { 'prometheus/development': 'prometheus' } as const;
  for (const found of reading.child('exporter').choose(known, 'exporter')) {
    take('prometheus', reading);
    const { host, port } = found.reading.pick({ host: 'host', port: 'port' });
    draft.prometheus = { ...(host === undefined ? {} : { host }), ...(port === undefined ? {} : { port }) };
  }
}

/** @crmbet/metrics keeps exemplars of sampled traces; it reads the variable itself. */
function checkExemplars(provider: Reading): void {
  const filter = provider.text('exemplar_filter');
  if (filter === undefined || filter === 'trace_based') return;
  provider.missing(`exemplar filter \`${filter}\``, 'OTEL_METRICS_EXEMPLAR_FILTER is what sets it');
}
