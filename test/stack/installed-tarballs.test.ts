/** What a user gets: the tarballs installed by npm in a folder of their own, run by every Node.js that we name. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runFixture, startOtlpServer, type Fixture, type FixtureOptions } from '@crmbet/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const fixtures = join(root, 'test', 'fixtures', 'installed');
const folder = mkdtempSync(join(tmpdir(), 'crmbet-installed-'));
const published = ['correlation', 'metrics', 'logger', 'otel', 'telemetry', 'cli'];

beforeAll(() => {
  for (const name of published)
    execFileSync('pnpm', ['pack', '--pack-destination', folder], { cwd: join(root, 'packages', name) });
  const tarballs = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'installed', private: true }));
  const install = ['install', '--no-audit', '--no-fund', ...tarballs.map((file) => `./${file}`), 'express@5'];
  // npm chooses versions by the engine that runs it, so it must be one that we support.
  execFileSync('npm', install, { cwd: folder, stdio: 'pipe' });
  for (const file of ['app.cjs', 'app.mjs']) copyFileSync(join(fixtures, file), join(folder, file));
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function runApp(variable: string, options: FixtureOptions): Promise<Fixture> {
  return runFixture({ ...options, program: process.env[variable], cwd: folder, readyPattern: /listening on (\d+)/ });
}

const supported = ['CRMBET_TEST_NODE_22', 'CRMBET_TEST_NODE_24', 'CRMBET_TEST_NODE_26'];
const kinds = [
  { kind: 'CommonJS by --require', nodeArgs: ['--require', '@crmbet/otel'], file: 'app.cjs' },
  { kind: 'ES module by --import', nodeArgs: ['--import', '@crmbet/otel'], file: 'app.mjs' },
];

describe.each(supported)('%s', (variable) => {
  it.each(kinds)('follows a request of $file, $kind', async ({ nodeArgs, file }) => {
    const otlp = await startOtlpServer();
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
      OTEL_METRIC_EXPORT_INTERVAL: '200',
      OTEL_BSP_SCHEDULE_DELAY: '100',
    };
    const app = await runApp(variable, { nodeArgs, file, env });
    const response = await fetch(`http://127.0.0.1:${app.port}/users/7`, {
      headers: { 'X-Correlation-ID': 'order-7' },
    });
    expect(response.headers.get('x-correlation-id')).toBe('order-7');

    const span = await otlp.waitFor((server) =>
      server.spans().find((one) => one.attributes['http.route'] === '/users/:id'),
    );
    expect(span.attributes['correlation.id']).toBe('order-7');
    const log = await otlp.waitFor((server) => server.logs().find((one) => one.body === 'user read'));
    expect(log).toMatchObject({ traceId: span.traceId, spanId: span.spanId });
    expect(log.attributes['correlationId']).toBe('order-7');
    await otlp.waitFor((server) => server.metrics().find((one) => one.name === 'user_registrations_total'));

    const page = await (await fetch(`http://127.0.0.1:${app.port}/metrics`)).text();
    expect(page).toContain('http_requests_total{method="GET",route="/users/:id",status_code="200"} 1');
    await app.stop();
    expect(app.stderr).toBe('');
  });
});

it('runs the application on a Node.js that is too old and says so in one line', async () => {
  const app = await runApp('CRMBET_TEST_NODE_20', { nodeArgs: ['--require', '@crmbet/otel'], file: 'app.cjs' });
  expect((await fetch(`http://127.0.0.1:${app.port}/users/7`)).status).toBe(200);
  await app.stop();
  expect(app.stderr.trim().split('\n')).toEqual([expect.stringMatching(/Node\.js 22\.15 or newer, this is 20\./)]);
});

it('brings the command line with its page', () => {
  const crmbetOtel = join(folder, 'node_modules', '.bin', 'crmbet-otel');
  expect(execFileSync(crmbetOtel, ['--version'], { encoding: 'utf8' })).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(readdirSync(join(folder, 'node_modules', '@crmbet', 'cli', 'web'))).toContain('index.html');
});
