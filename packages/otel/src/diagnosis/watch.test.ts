import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runFixture, startOtlpServer, temporaryFolder, waitUntil, type FixtureOptions } from '@crmbet/testkit';
import { describe, expect, it } from 'vitest';
import type { ProcessReport } from './report.ts';

const packageRoot = join(__dirname, '../..');
const loads = join(packageRoot, 'src/fixtures/loads.cjs');
const preload = ['--require', '@crmbet/otel'];

async function run(options: FixtureOptions) {
  const app = await runFixture({ cwd: packageRoot, nodeArgs: preload, file: loads, ...options });
  expect(await app.exited).toEqual({ code: 0, signal: null });
  return app.stderr.split('\n').filter(Boolean);
}

/** What the processes of a fixture report. */
async function reportsOf(options: FixtureOptions): Promise<ProcessReport[]> {
  const folder = join(mkdtempSync(join(tmpdir(), 'diagnosis-')), 'made when needed');
  await run({ ...options, env: { CRMBET_OTEL_DIAGNOSIS: folder, ...options.env } });
  return readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as ProcessReport);
}

describe('the startup line', () => {
  const secretEnv = {
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20Zm9vYmFyMTIzNDU2',
    OTEL_RESOURCE_ATTRIBUTES: 'db.password=hunter2',
    OTEL_SERVICE_NAME: 'shop',
  };

  it.each(['info', 'debug'])('at the end of a short process, with OTEL_LOG_LEVEL=%s', async (level) => {
    const otlp = await startOtlpServer();
    const endpoint = otlp.url.replace('http://', 'http://me:hunter2@');
    const lines = await run({
      env: { ...secretEnv, OTEL_LOG_LEVEL: level, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, FIXTURE_LOADS: 'express,pg' },
    });
    const [line, ...others] = lines.filter((text) => text.includes('@crmbet/otel '));
    expect(others).toEqual([]);
    expect(line).toMatch(/^crmbet-otel: @crmbet\/otel \d+\.\d+\.\d+ on Node\.js \d+\.\d+\.\d+, service shop; /);
    expect(line).toContain(`traces and metrics and logs to ${otlp.url} (http/protobuf)`);
    expect(line).toMatch(/instrumented: .*http.*, express \d+\.\d+\.\d+.*pg \d+\.\d+\.\d+/);
    expect(line).toContain('OTEL_EXPORTER_OTLP_HEADERS=[REDACTED]');
    expect(lines.join('\n')).not.toMatch(/hunter2|Zm9vYmFy/);
  });

  it('of a process that stays says whether the endpoint answers', async () => {
    const otlp = await startOtlpServer();
    const start = (endpoint: string) =>
      runFixture({
        cwd: packageRoot,
        nodeArgs: preload,
        file: loads,
        env: {
          OTEL_LOG_LEVEL: 'info',
          OTEL_TRACES_EXPORTER: 'none',
          OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
          FIXTURE_STAYS_MS: '60000',
        },
        readyPattern: /^crmbet-otel: @crmbet\/otel /m,
      });
    const answering = await start(otlp.url);
    expect(answering.stderr).toContain('(http/protobuf, answers), traces nowhere');
    await otlp.close();
    const alone = await start(otlp.url);
    expect(alone.stderr).toContain('(http/protobuf, does not answer)');
  });

  it('is not written unasked, when nothing is wrong', async () => {
    const otlp = await startOtlpServer();
    expect(await run({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url, FIXTURE_LOADS: 'express' } })).toEqual([]);
  });

  it('is written unasked, after the finding, when something is wrong; not with OTEL_LOG_LEVEL=none', async () => {
    const otlp = await startOtlpServer();
    const options = (env: Record<string, string>) => ({
      nodeArgs: ['--require', 'express', ...preload],
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url, ...env },
    });
    const [finding, line, ...others] = await run(options({}));
    expect(finding).toMatch(
      /^crmbet-otel: loaded before @crmbet\/otel .*: express: make `--require @crmbet\/otel` the first thing .*--require express \(the command line\), --require @crmbet\/otel/,
    );
    expect(line).toMatch(/; wrong: loaded before @crmbet\/otel .*: express; settings: /);
    expect(others).toEqual([]);
    expect(await run(options({ OTEL_LOG_LEVEL: 'none' }))).toEqual([]);
  });
});

describe('the report for the doctor', () => {
  it('has what is instrumented, also what ES modules import', async () => {
    const otlp = await startOtlpServer();
    const script = join(packageRoot, 'src/fixtures/esm-imports.mjs');
    const [report, ...others] = await reportsOf({
      file: script,
      nodeArgs: ['--import', '@crmbet/otel'],
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url, OTEL_SERVICE_NAME: 'shop' },
    });
    expect(others).toEqual([]);
    expect(report).toMatchObject({
      state: 'running',
      serviceName: 'shop',
      script,
      nodeVersion: process.versions.node,
      findings: [],
    });
    const versions = new Map(report?.instrumented.map(({ name, version }) => [name, version]));
    for (const name of ['express', 'pg', 'winston']) {
      expect(versions.get(name)).toMatch(/^\d+\.\d+\.\d+/);
    }
  });

  it('leaves out what the settings leave out', async () => {
    const otlp = await startOtlpServer();
    const [report] = await reportsOf({
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
        OTEL_NODE_DISABLED_INSTRUMENTATIONS: 'pg,undici',
        FIXTURE_LOADS: 'express,pg',
      },
    });
    const names = report?.instrumented.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['http', 'express']));
    for (const name of ['pg', 'pg-pool', 'undici']) expect(names).not.toContain(name);
  });

  it('is there when telemetry is disabled', async () => {
    const [report] = await reportsOf({ env: { OTEL_SDK_DISABLED: 'true' } });
    expect(report).toMatchObject({ state: 'disabled', instrumented: [] });
    expect(report?.settings).toContain('OTEL_SDK_DISABLED=true');
  });

  it('is there beside another SDK', async () => {
    const [report] = await reportsOf({
      nodeArgs: ['--require', join(packageRoot, 'src/fixtures/other-sdk.cjs'), ...preload],
    });
    expect(report).toMatchObject({ state: 'beside', findings: [{ code: 'OTHER_SDK_FIRST', severity: 'error' }] });
  });

  it('is given up when the folder cannot be written, and the application runs', async () => {
    const otlp = await startOtlpServer();
    const file = join(temporaryFolder(), 'file');
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url, CRMBET_OTEL_DIAGNOSIS: join(loads, 'below a file', file) };
    expect(await run({ env })).toEqual([]);
  });

  it('is up to date while the process runs', async () => {
    const folder = temporaryFolder();
    const app = await runFixture({
      cwd: packageRoot,
      nodeArgs: preload,
      args: ['-e', `setTimeout(() => require('pg'), 600); setInterval(() => {}, 1000);`],
      env: { CRMBET_OTEL_DIAGNOSIS: folder, OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' },
    });
    const names = () => {
      try {
        const text = readFileSync(join(folder, `${app.pid}.json`), 'utf8');
        return (JSON.parse(text) as ProcessReport).instrumented.map(({ name }) => name);
      } catch {
        return [];
      }
    };
    await waitUntil(() => names().includes('http'));
    await waitUntil(() => names().includes('pg'));
    expect(names()).toContain('pg');
  });
});
