import { freePort, startOtlpServer } from '@crmbet/testkit';
import { describe, expect, it } from 'vitest';
import { checkSettings } from './check-settings.ts';
import { sendProbe } from './probe.ts';

describe('sendProbe', () => {
  it.each(['http/protobuf', 'http/json'])(
    'sends one span, one log record of it and one metric over %s, whatever the sampler',
    async (protocol) => {
      const otlp = await startOtlpServer();
      const { settings, problems } = checkSettings({
        OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
        OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=a',
        OTEL_TRACES_SAMPLER: 'always_off',
      });
      expect(problems).toEqual([]);
      const probe = await sendProbe(settings);
      expect(probe.results).toEqual([
        { signal: 'traces', protocol, url: `${otlp.url}/v1/traces` },
        { signal: 'metrics', protocol, url: `${otlp.url}/v1/metrics` },
        { signal: 'logs', protocol, url: `${otlp.url}/v1/logs` },
      ]);
      const [span] = otlp.spans();
      expect(span).toMatchObject({ traceId: probe.traceId, serviceName: 'crmbet-otel-doctor' });
      expect(otlp.logs()).toMatchObject([{ traceId: probe.traceId, spanId: span?.spanId }]);
      expect(otlp.metrics()).toMatchObject([{ name: probe.metricName, attributes: { probe: probe.traceId } }]);
      expect(otlp.requests.every(({ headers }) => headers['x-tenant'] === 'a')).toBe(true);
    },
  );

  it('leaves out what goes nowhere', async () => {
    const { settings } = checkSettings({
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'console',
      OTEL_METRICS_EXPORTER: 'none',
    });
    expect((await sendProbe(settings)).results).toEqual([]);
  });

  it('says why nothing was accepted, and no password', async () => {
    const port = await freePort();
    const { settings } = checkSettings({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://me:hunter2@127.0.0.1:${port}`,
      OTEL_METRICS_EXPORTER: 'none',
    });
    const { results } = await sendProbe(settings);
    expect(results.map(({ signal }) => signal)).toEqual(['traces', 'logs']);
    for (const { error } of results) expect(error).toBeTruthy();
    expect(JSON.stringify(results)).not.toContain('hunter2');
  });

  it('says what a server refuses with', async () => {
    const otlp = await startOtlpServer();
    otlp.respondWith(401, {}, 'no');
    const { results } = await sendProbe(checkSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url }).settings);
    expect(results).toHaveLength(3);
    for (const { error } of results) expect(error).toMatch(/401/);
  });
});

it('checkSettings names each wrong value, and no secret', () => {
  const { problems, shown } = checkSettings({
    OTEL_TRACES_SAMPLER: 'sometimes',
    OTEL_EXPORTER_OTLP_HEADERS: 'hunter2',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'ftp://me:hunter2@host',
  });
  expect(problems).toHaveLength(3);
  expect(problems.join('\n')).toMatch(
    /OTEL_TRACES_SAMPLER="sometimes" is not allowed \(.*\); using parentbased_always_on/,
  );
  expect([...problems, ...shown].join('\n')).not.toContain('hunter2');
});
