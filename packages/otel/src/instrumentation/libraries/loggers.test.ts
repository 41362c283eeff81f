import { join } from 'node:path';
import { runFixture, startOtlpServer } from '@crmbet/testkit';
import { describe, expect, it } from 'vitest';

const packageRoot = join(__dirname, '../../..');

async function runLogs(logger: string, file: string, env: Record<string, string> = {}) {
  const otlp = await startOtlpServer();
  const app = await runFixture({
    file: `src/instrumentation/libraries/fixtures/${file}`,
    cwd: packageRoot,
    nodeArgs: [file.endsWith('.mjs') ? '--import' : '--require', '@crmbet/otel'],
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url, FIXTURE_LOGGER: logger, ...env },
  });
  expect(await app.exited).toEqual({ code: 0, signal: null });
  return { otlp, app };
}

describe.each([
  ['pino', 'log-app.cjs', {}],
  ['pino', 'log-app.mjs', {}],
  ['pino', 'log-app.mjs', { FIXTURE_NAMED: '1' }],
  ['bunyan', 'log-app.cjs', {}],
  ['bunyan', 'log-app.mjs', {}],
])('%s in %s %o under the preload', (logger, file, env) => {
  it('has the IDs in its own output, and reaches OTLP exactly once', async () => {
    const { otlp, app } = await runLogs(logger, file, env);
    expect(app.stderr).toBe('');
    const [span] = otlp.spans();
    const lines = app.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const ids = { trace_id: span?.traceId, span_id: span?.spanId, correlationId: 'library-log' };
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatchObject({ msg: 'inside', detail: 1, ...ids });
    expect(lines[1]).toMatchObject({ msg: 'from child', part: 'child', ...ids });
    expect(lines[2]).not.toHaveProperty('trace_id');

    const logs = otlp.logs();
    expect(logs.map(({ body }) => body)).toEqual(['inside', 'from child', 'outside']);
    for (const log of logs.slice(0, 2)) {
      expect(log).toMatchObject({ traceId: span?.traceId, spanId: span?.spanId, severityText: 'warn' });
      expect(log.attributes['correlationId']).toBe('library-log');
    }
    expect(logs[2]).toMatchObject({ traceId: '' });
  });

  it('sends nothing where logs have no exporter, and keeps the IDs', async () => {
    const { otlp, app } = await runLogs(logger, file, { ...env, OTEL_LOGS_EXPORTER: 'none' });
    expect(otlp.logs()).toEqual([]);
    expect(app.stdout).toContain(`"trace_id":"${otlp.spans()[0]?.traceId}"`);
  });
});

describe('the console', () => {
  it('is left alone by default', async () => {
    const { otlp, app } = await runLogs('console', 'log-app.cjs');
    expect(app.stderr).toBe('inside\nfrom child\noutside\n');
    expect(otlp.logs()).toEqual([]);
  });

  it('is sent when it is asked for, once, and written as ever', async () => {
    const { otlp, app } = await runLogs('console', 'log-app.cjs', {
      OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'default,console',
    });
    expect(app.stderr).toBe('inside\nfrom child\noutside\n');
    const [span] = otlp.spans();
    expect(otlp.logs().map(({ body }) => body)).toEqual(['inside', 'from child', 'outside']);
    expect(otlp.logs()[0]).toMatchObject({ severityText: 'warn', traceId: span?.traceId, spanId: span?.spanId });
    expect(otlp.logs()[0]?.attributes['correlationId']).toBe('library-log');
  });
});
