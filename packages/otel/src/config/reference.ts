import { describeFallback } from './read.ts';
import type { Setting } from './setting.ts';
import { settingsTable } from './table.ts';

const titles: Readonly<Record<keyof typeof settingsTable, string>> = {
  sdk: 'The SDK',
  service: 'Service',
  instrumentations: 'Instrumentations',
  propagation: 'Propagation',
  traces: 'Traces',
  spanBatch: 'Batches of spans',
  limits: 'Limits of spans and log records',
  spanLimits: 'Limits of spans',
  metrics: 'Metrics',
  prometheus: 'Prometheus page',
  logs: 'Logs',
  logBatch: 'Batches of log records',
  logLimits: 'Limits of log records',
  otlp: 'OTLP, all signals',
  otlpTraces: 'OTLP, traces',
  otlpMetrics: 'OTLP, metrics',
  otlpLogs: 'OTLP, logs',
  file: 'Files',
  jaeger: 'Jaeger, the old protocol',
  privacy: 'Privacy',
};

const introduction = `# Configuration of the preload

<!-- Made from packages/otel/src/config/table.ts by \`npx vitest run --project unit packages/otel/src/config -u\`; don't edit. -->

\`@crmbet/otel\` takes its settings from options of \`start()\` (\`@crmbet/otel/sdk\`), else from environment variables, else the
default. An empty variable counts as absent. A wrong value is replaced by the default, and one line on standard error
says the name, the value, what is allowed and what is used. Names and meanings are those of the OpenTelemetry
specification; the option is the path in the argument of \`start()\`: \`start({ service: { name: 'shop' } })\`.

\`OTEL_METRICS_EXEMPLAR_FILTER\` (\`trace_based\`, \`always_off\`) is read by @crmbet/metrics.
`;

const tableHead = '| Variable | Option | Allowed | Default | Meaning |\n|---|---|---|---|---|';

/** The reference page, Markdown: one table a group. */
export function configurationReference(): string {
  const sections = Object.entries(settingsTable).map(([group, rows]) => {
    const lines = Object.entries<Setting<unknown>>(rows).map(([key, row]) => line(group, key, row));
    return `## ${titles[group as keyof typeof settingsTable]}\n\n${tableHead}\n${lines.join('\n')}`;
  });
  return `${[introduction.trimEnd(), ...sections].join('\n\n')}\n`;
}

function line(group: string, key: string, row: Setting<unknown>): string {
  const fallback = describeFallback(row);
  const shown = fallback === 'none' ? 'none' : `\`${fallback}\``;
  return `| \`${row.env}\` | \`${group}.${key}\` | ${row.kind.allowed} | ${shown} | ${row.summary} |`;
}
