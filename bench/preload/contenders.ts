/** Who takes part: what is installed for each, how it is preloaded and what it is told. */

export interface Contender {
  readonly name: string;
  /** Packages with exact versions that are installed into a folder of its own; none for the base. */
  readonly packages: readonly string[];
  /** Arguments of Node.js as its documentation has them for an application in CommonJS, resolved in that folder. */
  readonly preload: readonly string[];
  /** A file that its documentation asks for, written to that folder. */
  readonly file?: { readonly name: string; readonly text: string };
  /** Environment, given the URL of the sink. */
  readonly environment: (sinkUrl: string) => Record<string, string>;
}

/** The contender that all ratios are about. */
export const OURS = '@crmbet/otel';
/** The contender without a preload. */
export const BASE = 'none';

/** The application's own packages. */
export const applicationPackages = ['express@5.3.0', 'pg@8.23.1', 'ioredis@6.0.0', 'amqplib@2.3.1', 'winston@3.19.0'];

/** Traces and metrics over OTLP/HTTP, everything else as each has it by default; short delays, so that a run sees exports. */
function otlp(sinkUrl: string): Record<string, string> {
  return {
    OTEL_SERVICE_NAME: 'bench',
    OTEL_EXPORTER_OTLP_ENDPOINT: sinkUrl,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_METRICS_EXPORTER: 'otlp',
    OTEL_LOGS_EXPORTER: 'otlp',
    OTEL_TRACES_SAMPLER: 'parentbased_always_on',
    OTEL_BSP_SCHEDULE_DELAY: '1000',
    OTEL_METRIC_EXPORT_INTERVAL: '5000',
    OTEL_METRIC_EXPORT_TIMEOUT: '5000',
  };
}

/** In the order of the table. */
export const contenders: readonly Contender[] = [
  { name: BASE, packages: [], preload: [], environment: () => ({}) },
  { name: OURS, packages: [], preload: ['--require', '@crmbet/otel'], environment: otlp },
  {
    name: 'auto-instrumentations-node',
    packages: ['@opentelemetry/auto-instrumentations-node@0.82.0', '@opentelemetry/api@1.10.0'],
    preload: ['--require', '@opentelemetry/auto-instrumentations-node/register'],
    environment: otlp,
  },
  {
    name: 'Elastic EDOT',
    packages: ['@elastic/opentelemetry-node@1.18.0'],
    preload: ['--import', '@elastic/opentelemetry-node'],
    environment: otlp,
  },
  {
    name: 'AWS distro',
    packages: ['@aws/aws-distro-opentelemetry-node-autoinstrumentation@0.13.0'],
    preload: ['--require', '@aws/aws-distro-opentelemetry-node-autoinstrumentation/register'],
    environment: otlp,
  },
  {
    name: 'dd-trace',
    packages: ['dd-trace@6.21.0'],
    preload: ['--require', 'dd-trace/init'],
    environment: (sinkUrl) => ({
      DD_SERVICE: 'bench',
      DD_TRACE_AGENT_URL: sinkUrl,
      DD_TRACE_SAMPLE_RATE: '1',
      DD_TRACE_RATE_LIMIT: '-1',
    }),
  },
  {
    name: 'Sentry',
    packages: ['@sentry/node@11.12.0'],
    // It refuses to be preloaded by `--require`.
    preload: ['--import', './instrument.mjs'],
    file: {
      name: 'instrument.mjs',
      text: [
        "import { init } from '@sentry/node';",
        'init({ dsn: process.env.SENTRY_DSN, tracesSampleRate: 1 });',
      ].join('\n'),
    },
    environment: (sinkUrl) => ({ SENTRY_DSN: `${sinkUrl.replace('http://', 'http://public@')}/1` }),
  },
];
