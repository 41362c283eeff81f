/**
 * Every setting of the preload, once: from this table come the types, the defaults, the warnings and
 * docs/configuration.md. Names and meanings are the OpenTelemetry specification's ("Environment Variable
 * Specification", "Protocol Exporter"); a group and a key are the name of the option in code.
 */
import { otlpMetricsSettings, otlpSettings, otlpSignalSettings } from './otlp-table.ts';
import { flag, hostName, limit, listOf, oneOf, pairs, ratio, samplingRules, text, wholeNumber } from './kinds.ts';
import { fileSettings, jaegerSettings } from './exporter-table.ts';
import { privacySettings } from './privacy-table.ts';
import { defaultSamplingRules } from './sampling-rules.ts';
import { setting } from './setting.ts';
import { instrumentationSettings } from '../instrumentation/libraries/settings.ts';

/** The table: groups of settings. */
export const settingsTable = {
  sdk: {
    disabled: setting('OTEL_SDK_DISABLED', flag, false, 'Nothing is instrumented, recorded or exported.'),
    logLevel: setting(
      'OTEL_LOG_LEVEL',
      oneOf('none', 'error', 'warn', 'info', 'debug', 'verbose', 'all'),
      'warn',
      'Least severe message of the SDK itself that is written to standard error.',
    ),
    configFile: setting(
      'OTEL_CONFIG_FILE',
      text,
      undefined,
      'Declarative configuration (YAML). When it is set, no other variable is read, save those that the file names as `${NAME}`; options in code still go first. What its schema has no place for stands below `distribution.crmbet`, by the names of this page: `distribution: { crmbet: { CRMBET_OTEL_SAMPLING_RULES: none } }`. What the file names and this SDK does not have is one line each on standard error; a file that cannot be used is one line, and the variables are used instead.',
    ),
  },
  service: {
    name: setting(
      'OTEL_SERVICE_NAME',
      text,
      undefined,
      'Name of the service. Without it: `service.name` of the resource attributes, else the name in the nearest package.json, else `unknown_service:node`.',
    ),
    attributes: setting(
      'OTEL_RESOURCE_ATTRIBUTES',
      pairs,
      {},
      'Attributes of everything this process sends, such as `deployment.environment.name=production`.',
    ),
    detectors: setting(
      'OTEL_NODE_RESOURCE_DETECTORS',
      listOf(
        'all',
        'env',
        'host',
        'os',
        'process',
        'serviceinstance',
        'container',
        'k8s',
        'aws',
        'gcp',
        'azure',
        'heroku',
      ),
      ['all'],
      'What is found out about where this process runs, by variables and local files alone: no metadata server is called. `env` are the attributes above, which are always taken.',
    ),
  },
  instrumentations: instrumentationSettings,
  propagation: {
    propagators: setting(
      'OTEL_PROPAGATORS',
      listOf('tracecontext', 'baggage', 'b3', 'b3multi'),
      ['tracecontext', 'baggage'],
      'How context travels in headers. `none` sends nothing, the correlation ID neither; `X-Correlation-ID` and `X-Request-ID` of incoming requests are still read.',
    ),
  },
  traces: {
    exporters: setting(
      'OTEL_TRACES_EXPORTER',
      listOf('otlp', 'console', 'file', 'jaeger'),
      ['otlp'],
      'Where spans go. `jaeger` needs the package @opentelemetry/exporter-jaeger, and Jaeger takes `otlp` as well.',
    ),
    sampler: setting(
      'OTEL_TRACES_SAMPLER',
      oneOf(
        'always_on',
        'always_off',
        'traceidratio',
        'parentbased_always_on',
        'parentbased_always_off',
        'parentbased_traceidratio',
      ),
      'parentbased_always_on',
      'Which traces are recorded.',
    ),
    samplerRatio: setting(
      'OTEL_TRACES_SAMPLER_ARG',
      ratio,
      undefined,
      'Share of traces that the `traceidratio` samplers record; 1 when absent.',
    ),
    samplingRules: setting(
      'CRMBET_OTEL_SAMPLING_RULES',
      samplingRules,
      defaultSamplingRules,
      'Incoming requests that are sampled otherwise than the rest: the first rule that fits decides. `*` is any text, `:name` one part of a path. A share of 0 goes before everything, else a caller that sent a trace has decided. `none` means no rules. Metrics count all requests.',
    ),
  },
  spanBatch: {
    scheduleDelayMs: setting(
      'OTEL_BSP_SCHEDULE_DELAY',
      wholeNumber(0),
      5000,
      'Longest wait of a span before it is exported, milliseconds.',
    ),
    exportTimeoutMs: setting(
      'OTEL_BSP_EXPORT_TIMEOUT',
      wholeNumber(1),
      30_000,
      'Time limit of one export of spans, milliseconds.',
    ),
    maxQueueSize: setting(
      'OTEL_BSP_MAX_QUEUE_SIZE',
      wholeNumber(1),
      2048,
      'Spans that may wait; more are dropped and counted.',
    ),
    maxBatchSize: setting('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', wholeNumber(1), 512, 'Spans in one export.'),
  },
  limits: {
    attributeValueLength: setting(
      'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT',
      limit(0),
      undefined,
      'Characters of an attribute value, on spans and log records; no limit when absent.',
    ),
    attributeCount: setting('OTEL_ATTRIBUTE_COUNT_LIMIT', wholeNumber(0), 128, 'Attributes of a span or log record.'),
  },
  spanLimits: {
    attributeValueLength: setting(
      'OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT',
      limit(0),
      undefined,
      'Instead of `OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT` for spans.',
    ),
    attributeCount: setting(
      'OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT',
      limit(0),
      undefined,
      'Instead of `OTEL_ATTRIBUTE_COUNT_LIMIT` for spans.',
    ),
    eventCount: setting('OTEL_SPAN_EVENT_COUNT_LIMIT', wholeNumber(0), 128, 'Events of a span.'),
    linkCount: setting('OTEL_SPAN_LINK_COUNT_LIMIT', wholeNumber(0), 128, 'Links of a span.'),
    attributePerEventCount: setting(
      'OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT',
      wholeNumber(0),
      128,
      'Attributes of a span event.',
    ),
    attributePerLinkCount: setting(
      'OTEL_LINK_ATTRIBUTE_COUNT_LIMIT',
      wholeNumber(0),
      128,
      'Attributes of a span link.',
    ),
  },
  metrics: {
    exporters: setting(
      'OTEL_METRICS_EXPORTER',
      listOf('otlp', 'prometheus', 'console'),
      ['otlp'],
      'Where metrics go; `prometheus` opens a page for scraping. The handler of @crmbet/metrics works with all of them.',
    ),
    exportIntervalMs: setting(
      'OTEL_METRIC_EXPORT_INTERVAL',
      wholeNumber(1),
      60_000,
      'Time between two exports of metrics, milliseconds.',
    ),
    exportTimeoutMs: setting(
      'OTEL_METRIC_EXPORT_TIMEOUT',
      wholeNumber(1),
      30_000,
      'Time limit of one export of metrics, milliseconds; at most the interval.',
    ),
    cardinalityLimit: setting(
      'CRMBET_OTEL_METRICS_CARDINALITY_LIMIT',
      wholeNumber(1, 1_000_000),
      2000,
      'Series of one metric made with the OpenTelemetry API; more become one with `otel.metric.overflow=true`. The documented metrics have bounds of their own.',
    ),
  },
  prometheus: {
    host: setting('OTEL_EXPORTER_PROMETHEUS_HOST', hostName, '127.0.0.1', 'Host that the `prometheus` exporter binds.'),
    port: setting(
      'OTEL_EXPORTER_PROMETHEUS_PORT',
      wholeNumber(0, 65_535),
      9464,
      'Port that the `prometheus` exporter binds.',
    ),
  },
  logs: {
    exporters: setting('OTEL_LOGS_EXPORTER', listOf('otlp', 'console', 'file'), ['otlp'], 'Where log records go.'),
  },
  logBatch: {
    scheduleDelayMs: setting(
      'OTEL_BLRP_SCHEDULE_DELAY',
      wholeNumber(0),
      1000,
      'Longest wait of a log record before it is exported, milliseconds.',
    ),
    exportTimeoutMs: setting(
      'OTEL_BLRP_EXPORT_TIMEOUT',
      wholeNumber(1),
      30_000,
      'Time limit of one export of log records, milliseconds.',
    ),
    maxQueueSize: setting(
      'OTEL_BLRP_MAX_QUEUE_SIZE',
      wholeNumber(1),
      2048,
      'Log records that may wait; more are dropped and counted.',
    ),
    maxBatchSize: setting('OTEL_BLRP_MAX_EXPORT_BATCH_SIZE', wholeNumber(1), 512, 'Log records in one export.'),
  },
  logLimits: {
    attributeValueLength: setting(
      'OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT',
      limit(0),
      undefined,
      'Instead of `OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT` for log records.',
    ),
    attributeCount: setting(
      'OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT',
      limit(0),
      undefined,
      'Instead of `OTEL_ATTRIBUTE_COUNT_LIMIT` for log records.',
    ),
  },
  otlp: otlpSettings,
  otlpTraces: otlpSignalSettings('TRACES'),
  otlpMetrics: { ...otlpSignalSettings('METRICS'), ...otlpMetricsSettings },
  otlpLogs: otlpSignalSettings('LOGS'),
  file: fileSettings,
  jaeger: jaegerSettings,
  privacy: privacySettings,
};
