import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@crmbet/testkit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { settingsFromFile } from './file.ts';
import { loadSettings } from './load.ts';

function load(yaml: string, env: Record<string, string> = {}, options = {}) {
  const path = join(temporaryFolder(), 'otel.yaml');
  writeFileSync(path, yaml);
  const lines: string[] = [];
  const settings = loadSettings(
    { ...env, OTEL_CONFIG_FILE: path },
    options,
    (line) => lines.push(line),
    settingsFromFile,
  );
  return { settings, lines: lines.map((line) => line.replace(path, 'FILE')) };
}

const whole = `
file_format: "1.0"
disabled: false
log_level: debug
attribute_limits: { attribute_value_length_limit: 4096, attribute_count_limit: 64 }
resource:
  attributes:
    - { name: service.name, value: shop }
    - { name: replicas, value: 3, type: int }
  attributes_list: deployment.environment.name=production,team=a%20b
  detection/development:
    detectors: [ { host: }, { service: }, { process: } ]
propagator:
  composite: [ { tracecontext: }, { b3multi: } ]
  composite_list: baggage
tracer_provider:
  limits: { event_count_limit: 7 }
  sampler:
    parent_based:
      root: { trace_id_ratio_based: { ratio: 0.25 } }
      remote_parent_sampled: { always_on: }
  processors:
    - batch:
        schedule_delay: 100
        max_queue_size: 10
        exporter:
          otlp_http:
            endpoint: https://collector:4318/v1/traces
            encoding: json
            compression: gzip
            timeout: 500
            headers: [ { name: authorization, value: "Bearer \${TOKEN}" } ]
            headers_list: x-team=crm
            tls: { ca_file: /ca.pem, key_file: /key.pem, cert_file: /cert.pem }
    - simple: { exporter: { console: } }
meter_provider:
  exemplar_filter: trace_based
  readers:
    - pull: { exporter: { prometheus/development: { host: 0.0.0.0, port: 9999 } } }
    - periodic:
        interval: 1000
        timeout: 900
        cardinality_limits: { default: 50 }
        exporter:
          otlp_grpc:
            endpoint: http://collector:4317
            temporality_preference: low_memory
            default_histogram_aggregation: base2_exponential_bucket_histogram
            tls: { insecure: true }
logger_provider:
  limits: { attribute_count_limit: 9 }
  processors: [ { batch: { export_timeout: 77, exporter: { otlp_http: } } } ]
instrumentation/development:
  general:
    http:
      server: { request_captured_headers: [X-Tenant] }
      client: { response_captured_headers: [x-cache] }
distribution:
  crmbet: { CRMBET_OTEL_SAMPLING_RULES: "/ping=0" }
`;

afterEach(() => void vi.unstubAllEnvs());

describe('a declarative configuration file', () => {
  it('sets everything that this SDK has', () => {
    vi.stubEnv('TOKEN', 'secret-1');
    const { settings, lines } = load(whole, { OTEL_SERVICE_NAME: 'not read' });
    expect(lines).toEqual([]);
    expect(settings).toMatchObject({
      sdk: { disabled: false, logLevel: 'debug' },
      service: {
        name: undefined,
        attributes: { 'service.name': 'shop', replicas: '3', team: 'a b', 'deployment.environment.name': 'production' },
        detectors: ['host', 'serviceinstance', 'process'],
      },
      propagation: { propagators: ['tracecontext', 'b3multi', 'baggage'] },
      traces: {
        exporters: ['otlp', 'console'],
        sampler: 'parentbased_traceidratio',
        samplerRatio: 0.25,
        samplingRules: [{ path: '/ping', share: 0 }],
      },
      spanBatch: { scheduleDelayMs: 100, maxQueueSize: 10, maxBatchSize: 512 },
      limits: { attributeValueLength: 4096, attributeCount: 64 },
      spanLimits: { eventCount: 7, linkCount: 128 },
      otlpTraces: {
        endpoint: 'https://collector:4318/v1/traces',
        protocol: 'http/json',
        compression: 'gzip',
        timeoutMs: 500,
        headers: { authorization: 'Bearer secret-1', 'x-team': 'crm' },
        certificate: '/ca.pem',
        clientKey: '/key.pem',
        clientCertificate: '/cert.pem',
      },
      metrics: {
        exporters: ['prometheus', 'otlp'],
        exportIntervalMs: 1000,
        exportTimeoutMs: 900,
        cardinalityLimit: 50,
      },
      prometheus: { host: '0.0.0.0', port: 9999 },
      otlpMetrics: {
        protocol: 'grpc',
        insecure: true,
        temporality: 'lowmemory',
        histogramAggregation: 'base2_exponential_bucket_histogram',
      },
      logs: { exporters: ['otlp'] },
      logBatch: { exportTimeoutMs: 77 },
      logLimits: { attributeCount: 9 },
      privacy: { serverRequestHeaders: ['x-tenant'], clientResponseHeaders: ['x-cache'], serverResponseHeaders: [] },
    });
  });

  it('leaves signals without a provider off, and takes options in code first', () => {
    const { settings, lines } = load('file_format: "1.0"', {}, { logs: { exporters: ['console'] } });
    expect(settings).toMatchObject({
      traces: { exporters: [] },
      metrics: { exporters: [] },
      logs: { exporters: ['console'] },
    });
    expect(lines).toEqual([]);
  });

  it('names in one line each what this SDK does not have', () => {
    const { settings, lines } = load(`
file_format: "1.0"
propagator: { composite: [ { xray: }, { baggage: } ] }
tracer_provider:
  sampler: { jaeger_remote/development: { endpoint: "http://a", initial_sampler: { always_on: } } }
  processors:
    - batch: { exporter: { zipkin: { endpoint: "http://a" } } }
    - batch: { exporter: { otlp_http: { compression: zstd } } }
    - batch: { exporter: { otlp_http: } }
meter_provider:
  readers: [ { periodic: { exporter: { console: } } } ]
  views: [ { selector: { instrument_name: a }, stream: { name: b } } ]
`);
    expect(settings.propagation.propagators).toEqual(['baggage']);
    expect(settings.traces).toMatchObject({ exporters: ['otlp'], sampler: 'parentbased_always_on' });
    expect(lines.toSorted()).toEqual([
      'FILE: meter_provider names `views`, which @crmbet/otel does not have; it is left out',
      'FILE: propagator names propagator `xray`, which @crmbet/otel does not have; it is left out',
      'FILE: tracer_provider.processors[0].batch.exporter names exporter `zipkin`, which @crmbet/otel does not have; it is left out',
      'FILE: tracer_provider.processors[1].batch.exporter.otlp_http names compression `zstd`, which @crmbet/otel does not have; bodies are sent as they are',
      'FILE: tracer_provider.processors[2].batch names a second exporter `otlp`, which @crmbet/otel does not have; it is left out',
      'FILE: tracer_provider.sampler names sampler `jaeger_remote/development`, which @crmbet/otel does not have; it is left out',
    ]);
  });

  it.each([
    ['no YAML', 'a: [1'],
    ['no mapping', 'text'],
    ['empty', ''],
    ['another version', 'file_format: "9.0"'],
    ['a wrong type', 'file_format: "1.0"\ndisabled: perhaps'],
  ])('that is %s is one line, and the variables are used', (_name, yaml) => {
    const { settings, lines } = load(yaml, { OTEL_SERVICE_NAME: 'from-variable' });
    expect(settings.service.name).toBe('from-variable');
    expect(lines).toEqual([
      expect.stringMatching(/^OTEL_CONFIG_FILE="FILE" cannot be used \(.+\); using the environment variables$/),
    ]);
    expect(lines[0]).not.toContain('\n');
  });

  it('that is not there is one line too', () => {
    const lines: string[] = [];
    loadSettings({ OTEL_CONFIG_FILE: '/nowhere/otel.yaml' }, {}, (line) => lines.push(line), settingsFromFile);
    expect(lines).toEqual([expect.stringContaining('ENOENT')]);
  });
});
