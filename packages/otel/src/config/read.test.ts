import { describe, expect, it } from 'vitest';
import { readSettings } from './read.ts';

function read(env: Record<string, string>, options = {}) {
  const lines: string[] = [];
  return { settings: readSettings(env, options, (line) => lines.push(line)), lines };
}

describe('readSettings', () => {
  it('has the defaults of the specification', () => {
    const { settings, lines } = read({});
    expect(settings).toMatchObject({
      sdk: { disabled: false },
      traces: { exporters: ['otlp'], sampler: 'parentbased_always_on' },
      spanBatch: { scheduleDelayMs: 5000, exportTimeoutMs: 30_000, maxQueueSize: 2048, maxBatchSize: 512 },
      logBatch: { scheduleDelayMs: 1000 },
      metrics: { exportIntervalMs: 60_000, exportTimeoutMs: 30_000 },
      otlp: { protocol: 'http/protobuf', timeoutMs: 10_000, compression: 'none' },
      propagation: { propagators: ['tracecontext', 'baggage'] },
    });
    expect(lines).toEqual([]);
  });

  it('takes options before the environment, and an empty variable as absent', () => {
    const { settings } = read(
      { OTEL_SERVICE_NAME: 'environment', OTEL_TRACES_EXPORTER: ' ' },
      { service: { name: 'option' } },
    );
    expect(settings.service.name).toBe('option');
    expect(settings.traces.exporters).toEqual(['otlp']);
  });

  it.each([
    ['OTEL_SDK_DISABLED', 'TRUE', (s: ReturnType<typeof read>['settings']) => s.sdk.disabled, true],
    ['OTEL_TRACES_EXPORTER', 'none', (s) => s.traces.exporters, []],
    ['OTEL_METRICS_EXPORTER', 'otlp, prometheus', (s) => s.metrics.exporters, ['otlp', 'prometheus']],
    ['OTEL_RESOURCE_ATTRIBUTES', 'a=b%20c,d=e=f', (s) => s.service.attributes, { a: 'b c', d: 'e=f' }],
    ['OTEL_TRACES_SAMPLER_ARG', '.25', (s) => s.traces.samplerRatio, 0.25],
    ['OTEL_EXPORTER_OTLP_LOGS_PROTOCOL', 'grpc', (s) => s.otlpLogs.protocol, 'grpc'],
    ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'http://a/b', (s) => s.otlpTraces.endpoint, 'http://a/b'],
  ] satisfies [string, string, (s: ReturnType<typeof read>['settings']) => unknown, unknown][])(
    'reads %s=%s',
    (name, value, pick, expected) => {
      const { settings, lines } = read({ [name]: value });
      expect(pick(settings)).toEqual(expected);
      expect(lines).toEqual([]);
    },
  );

  it.each([
    ['OTEL_SDK_DISABLED', 'yes', 'false'],
    ['OTEL_BSP_MAX_QUEUE_SIZE', '0', '2048'],
    ['OTEL_BSP_MAX_QUEUE_SIZE', '-5', '2048'],
    ['OTEL_BSP_MAX_QUEUE_SIZE', '1e3', '2048'],
    ['OTEL_TRACES_SAMPLER', 'sometimes', 'parentbased_always_on'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.5', 'none'],
    ['OTEL_TRACES_EXPORTER', 'otlp,none', 'otlp'],
    ['OTEL_RESOURCE_ATTRIBUTES', 'a=%zz', 'none'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'ftp://a', 'none'],
    ['OTEL_EXPORTER_PROMETHEUS_PORT', '70000', '9464'],
  ])('replaces %s=%s and says so', (name, value, used) => {
    const { lines } = read({ [name]: value });
    expect(lines).toEqual([expect.stringMatching(new RegExp(`^${name}=".*" is not allowed \\(.+\\); using ${used}$`))]);
  });

  it('never repeats a secret, nor a page of text', () => {
    const { lines } = read({ OTEL_EXPORTER_OTLP_HEADERS: 'token', OTEL_TRACES_SAMPLER: 'x'.repeat(10_000) });
    expect(lines.join()).not.toContain('token');
    expect(lines.every((line) => line.length < 400)).toBe(true);
  });
});
