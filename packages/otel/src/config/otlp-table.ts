import { flag, limit, maybeOneOf, oneOf, pairs, text, urlOrTarget, wholeNumber, type Kind } from './kinds.ts';
import { secretSetting, setting } from './setting.ts';

const protocols = ['http/protobuf', 'http/json', 'grpc'] as const;
const maybeFlag: Kind<boolean | undefined> = flag;

/** Settings of all OTLP exporters ("OpenTelemetry Protocol Exporter"). */
export const otlpSettings = {
  endpoint: setting(
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    urlOrTarget,
    undefined,
    'Base URL of the receiver; `v1/traces`, `v1/metrics` and `v1/logs` are added for HTTP. Default `http://127.0.0.1:4318`, for gRPC `http://127.0.0.1:4317`.',
  ),
  headers: secretSetting('OTEL_EXPORTER_OTLP_HEADERS', pairs, {}, 'Headers (metadata for gRPC) of every export.'),
  protocol: setting('OTEL_EXPORTER_OTLP_PROTOCOL', oneOf(...protocols), 'http/protobuf', 'Encoding and transport.'),
  compression: setting('OTEL_EXPORTER_OTLP_COMPRESSION', oneOf('none', 'gzip'), 'none', 'Compression of the bodies.'),
  timeoutMs: setting(
    'OTEL_EXPORTER_OTLP_TIMEOUT',
    wholeNumber(1),
    10_000,
    'Time limit of an export with its retries, milliseconds.',
  ),
  insecure: setting('OTEL_EXPORTER_OTLP_INSECURE', flag, false, 'gRPC without TLS for an endpoint without a scheme.'),
  certificate: setting(
    'OTEL_EXPORTER_OTLP_CERTIFICATE',
    text,
    undefined,
    'File with the PEM certificates that the receiver is checked against.',
  ),
  clientKey: setting('OTEL_EXPORTER_OTLP_CLIENT_KEY', text, undefined, 'File with the PEM private key for mTLS.'),
  clientCertificate: setting(
    'OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE',
    text,
    undefined,
    'File with the PEM certificate for mTLS.',
  ),
};

/** The same for one signal; what is absent here comes from {@link otlpSettings}. */
export function otlpSignalSettings(signal: 'TRACES' | 'METRICS' | 'LOGS') {
  const prefix = `OTEL_EXPORTER_OTLP_${signal}_`;
  const instead = (name: string) => `Instead of \`OTEL_EXPORTER_OTLP_${name}\` for ${signal.toLowerCase()}.`;
  return {
    endpoint: setting(
      `${prefix}ENDPOINT`,
      urlOrTarget,
      undefined,
      `Whole URL for ${signal.toLowerCase()}, instead of the one made from \`OTEL_EXPORTER_OTLP_ENDPOINT\`.`,
    ),
    headers: secretSetting(
      `${prefix}HEADERS`,
      pairs,
      {},
      `Added to \`OTEL_EXPORTER_OTLP_HEADERS\` for ${signal.toLowerCase()}.`,
    ),
    protocol: setting(`${prefix}PROTOCOL`, maybeOneOf(...protocols), undefined, instead('PROTOCOL')),
    compression: setting(`${prefix}COMPRESSION`, maybeOneOf('none', 'gzip'), undefined, instead('COMPRESSION')),
    timeoutMs: setting(`${prefix}TIMEOUT`, limit(1), undefined, instead('TIMEOUT')),
    insecure: setting(`${prefix}INSECURE`, maybeFlag, undefined, instead('INSECURE')),
    certificate: setting(`${prefix}CERTIFICATE`, text, undefined, instead('CERTIFICATE')),
    clientKey: setting(`${prefix}CLIENT_KEY`, text, undefined, instead('CLIENT_KEY')),
    clientCertificate: setting(`${prefix}CLIENT_CERTIFICATE`, text, undefined, instead('CLIENT_CERTIFICATE')),
  };
}

/** Settings of the OTLP metrics exporter alone. */
export const otlpMetricsSettings = {
  temporality: setting(
    'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE',
    oneOf('cumulative', 'delta', 'lowmemory'),
    'cumulative',
    'Temporality of metrics made with the OpenTelemetry API; the documented metrics are always cumulative.',
  ),
  histogramAggregation: setting(
    'OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION',
    oneOf('explicit_bucket_histogram', 'base2_exponential_bucket_histogram'),
    'explicit_bucket_histogram',
    'Histograms made with the OpenTelemetry API.',
  ),
};
