import type { MetricAggregation, MetricDescriptor, MetricQueryResult, TelemetryBackend } from '@crmbet/telemetry';
import { Option, type Command } from 'commander';
import { withBackend } from '../backend.ts';
import { CliError } from '../errors.ts';
import { isTelemetryError } from '../failure.ts';
import { nearest } from '../nearest.ts';
import { examples } from '../options/examples.ts';
import { collectNames, oneOf, parseDurationMs, parseQuantile } from '../options/parsers.ts';
import {
  addRangeOptions,
  addSourceOptions,
  pairOption,
  rangeOf,
  withoutUndefined,
  type RangeOptions,
  type SourceOptions,
} from '../options/query-options.ts';
import { outputStyle, writeJson, writeNotice, writeResult } from '../output.ts';

interface MetricsOptions extends SourceOptions, RangeOptions {
  rate?: boolean;
  quantile?: number;
  aggregation?: MetricAggregation;
  by?: string[];
  label?: Record<string, string>;
  service?: string;
  /** Milliseconds. */
  step?: number;
}

const aggregations: readonly MetricAggregation[] = ['last', 'rate', 'increase', 'sum', 'avg', 'max', 'min', 'quantile'];

export function addMetrics(program: Command): void {
  const command = program
    .command('metrics')
    .summary('list the metrics, or show the series of one')
    .description('List the metrics, or show the series of one.')
    .argument('[name]', 'name of a metric')
    .addOption(
      new Option('--rate', 'per second (of a histogram: of its observations)').conflicts(['quantile', 'aggregation']),
    )
    .addOption(
      new Option('--quantile <number>', 'of a histogram: 0.95')
        .argParser(parseQuantile)
        .conflicts(['rate', 'aggregation']),
    )
    .addOption(
      new Option(
        '--aggregation <how>',
        `one of ${aggregations.join(', ')}; default: rate of counters and histograms, else last`,
      ).argParser(oneOf(aggregations)),
    )
    .addOption(
      new Option('--by <labels>', 'add up series that differ in other labels: route,method').argParser(collectNames),
    )
    .addOption(pairOption('--label <key=value>', 'label of the series'))
    .option('--service <name>', 'service that sent it')
    .addOption(new Option('--step <duration>', 'distance of two points: 30s').argParser(parseDurationMs));
  addSourceOptions(addRangeOptions(command))
    .addHelpText(
      'after',
      examples(
        ['crmbet-otel metrics', 'what there is'],
        ['crmbet-otel metrics http_requests_total --rate --by route', 'requests a second'],
        ['crmbet-otel metrics http_request_duration_seconds --quantile 0.95 --by route', 'how slow'],
        ['crmbet-otel metrics db_connections_active --since 1h --step 30s', 'a gauge'],
      ),
    )
    .action((name: string | undefined, options: MetricsOptions) =>
      name === undefined ? listMetrics(options) : showMetric(name, options),
    );
}

async function listMetrics(options: MetricsOptions): Promise<void> {
  const metrics = await withBackend(options, (backend) => backend.listMetrics(rangeOf(options)));
  if (options.json) return writeJson({ metrics });
  if (metrics.length === 0) return writeNotice('no metric is stored.');
  const { renderMetricList } = await import('../render/metrics.ts');
  await writeResult(renderMetricList(metrics, outputStyle()));
}

async function showMetric(name: string, options: MetricsOptions): Promise<void> {
  const result = await withBackend(options, (backend) => queryMetric(backend, name, options));
  if (options.json) return writeJson(result);
  if (result.series.length === 0) return writeNotice(`no series of ${name} matches.`);
  const { renderMetricSeries } = await import('../render/metrics.ts');
  await writeResult(renderMetricSeries(result, viewOf(result, options), outputStyle()));
}

async function queryMetric(
  backend: TelemetryBackend,
  name: string,
  options: MetricsOptions,
): Promise<MetricQueryResult> {
  const { rate, quantile, service, label, by, step } = options;
  const shortcut = rate ? 'rate' : quantile === undefined ? undefined : 'quantile';
  try {
    return await backend.queryMetric({
      name,
      ...withoutUndefined({
        service,
        quantile,
        labels: label,
        groupBy: by,
        aggregation: options.aggregation ?? shortcut,
        stepSeconds: step === undefined ? undefined : step / 1000,
      }),
      ...rangeOf(options),
    });
  } catch (error) {
    if (isTelemetryError(error) && error.code === 'NOT_FOUND') throw await noSuchMetric(backend, name, error);
    throw error;
  }
}

async function noSuchMetric(backend: TelemetryBackend, name: string, cause: Error): Promise<CliError> {
  const metrics: MetricDescriptor[] = await backend.listMetrics();
  const similar = nearest(
    name,
    metrics.map((metric) => metric.name),
  );
  const hint = similar.length > 0 ? ` Did you mean ${similar.join(' or ')}?` : ' `crmbet-otel metrics` lists them.';
  return new CliError('NOT_FOUND', `no metric ${name} is stored.${hint}`, { cause });
}

function viewOf({ aggregation, type, unit }: MetricQueryResult, { quantile = 0.95 }: MetricsOptions) {
  if (aggregation === 'quantile') return { how: `${quantile} quantile`, unit };
  if (aggregation !== 'rate') return { how: aggregation, unit };
  const counted = type === 'sum' ? unit : '';
  return { how: 'rate', unit: `${counted === '' ? '1' : counted}/s` };
}
