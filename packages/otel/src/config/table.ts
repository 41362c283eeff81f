/**
 * Every setting of the preload, once: from this table come the types, the defaults, the warnings and
 * docs/configuration.md. Names and meanings are the OpenTelemetry specification's ("Environment Variable
 * Specification", "Protocol Exporter"); a group and a key are the name of the option in code.
 */
import { otlpMetricsSettings, otlpSettings, otlpSignalSettings } from './otlp-table.ts';
import { flag, hostName, limit, listOf, oneOf, pairs, ratio, text, wholeNumber } from './kinds.ts';
import { setting } from './setting.ts';

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
      'Declarative configuration. Not read yet: one line on standard error says so.',
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
  },
  propagation: {
    propagators: setting(
      'OTEL_PROPAGATORS',
      listOf('tracecontext', 'baggage', 'b3', 'b3multi'),
      ['tracecontext', 'baggage'],
      'How context travels in headers. `none` sends nothing, the correlation ID neither; `X-Correlation-ID` and `X-Request-ID` of incoming requests are still read.',
    ),
  },
  traces: {
    exporters: setting('OTEL_TRACES_EXPORTER', listOf('otlp', 'console'), ['otlp'], 'Where spans go.'),
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
    exporters: setting('OTEL_LOGS_EXPORTER', listOf('otlp', 'console'), ['otlp'], 'Where log records go.'),
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
};
