import { join } from 'node:path';
import { runFixture, startOtlpServer } from '@crmbet/testkit';
import { describe, expect, it } from 'vitest';

const packageRoot = join(__dirname, '..');

interface Printed {
  traceId: string;
  spanId: string;
  lines: Record<string, unknown>[];
}

async function runLogs(file: string) {
  const otlp = await startOtlpServer();
  const app = await runFixture({
    file: `src/fixtures/${file}`,
    cwd: packageRoot,
    nodeArgs: ['--require', '@crmbet/otel'],
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url },
  });
  expect(await app.exited).toEqual({ code: 0, signal: null });
  expect(app.stderr).toBe('');
  return { otlp, app };
}

describe('log records under the preload', () => {
  it('arrive exactly once, with the IDs of where they were made, however they were made', async () => {
    const { otlp, app } = await runLogs('log-records.cjs');
    const printed = JSON.parse(app.stdout) as Printed;
    const bodies = otlp.logs().map(({ body }) => body);
    expect(new Set(bodies)).toEqual(
      new Set([
        'from plain',
        'from bridged',
        'from bridgedLater',
        'from rebuilt',
        'from child',
        'from api',
        'from api-logs',
        'outside',
      ]),
    );
    expect(bodies).toHaveLength(8);
    for (const log of otlp.logs().filter(({ body }) => body !== 'outside')) {
      expect(log).toMatchObject({ traceId: printed.traceId, spanId: printed.spanId });
      expect(log.attributes['correlationId']).toBe('log-test-1');
    }
    const outside = otlp.logs().find(({ body }) => body === 'outside');
    expect(outside).toMatchObject({ traceId: '', severityText: 'info' });
    expect(outside?.attributes).not.toHaveProperty('correlationId');
  });

  it("have the IDs in the application's own winston output", async () => {
    const { app } = await runLogs('log-records.cjs');
    const { traceId, spanId, lines } = JSON.parse(app.stdout) as Printed;
    const ids = { trace_id: traceId, span_id: spanId, trace_flags: '01', correlationId: 'log-test-1' };
    expect(lines.find(({ name }) => name === 'plain')).toMatchObject({ level: 'warn', message: 'from plain', ...ids });
    expect(lines.find(({ part }) => part === 'child')).toMatchObject(ids);
    expect(lines.find(({ message }) => message === 'outside')).toEqual({ level: 'info', message: 'outside' });
  });

  it('of @crmbet/logger arrive once', async () => {
    const { otlp } = await runLogs('crmbet-logger.cjs');
    expect(otlp.logs().map(({ body }) => body)).toEqual(['from our logger']);
    const [log] = otlp.logs();
    const [span] = otlp.spans();
    expect(log).toMatchObject({ traceId: span?.traceId, spanId: span?.spanId, scopeName: '@crmbet/logger' });
    expect(log?.attributes).toMatchObject({ detail: 1, correlationId: span?.attributes['correlation.id'] });
  });
});
