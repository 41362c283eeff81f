/** `npm run demo -- --check` as a child process: what a newcomer runs first. */
import { dirname, join } from 'node:path';
import { runFixture } from '@crmbet/testkit';
import { expect, it } from 'vitest';

const root = dirname(dirname(import.meta.dirname));
const demo = join(root, 'scripts', 'demo.ts');

it('finds trace, logs and metrics of two requests by their correlation IDs', async () => {
  const child = await runFixture({ file: demo, args: ['--check', '--any-port'], cwd: root, timeoutMs: 60_000 });
  const { code } = await child.exited;
  expect(child.stderr).toBe('');
  expect(code).toBe(0);

  expect(child.stdout).toMatch(/^Correlation ID demo-[0-9a-f]{12} \(made by the client\): all found$/m);
  expect(child.stdout).toMatch(/^Correlation ID [0-9a-f-]{36} \(made by the server\): all found$/m);
  expect(child.stdout.match(/^ {2}traces +1 {2}[0-9a-f]{32}$/gm)).toHaveLength(2);
  expect(child.stdout.match(/^ {2}spans +\d+ {2}.*POST \/api\/predictions\/:modelType/gm)).toHaveLength(2);
  expect(child.stdout.match(/^ {2}log lines +\d+ {2}.*info ML prediction generated/gm)).toHaveLength(2);
  expect(child.stdout.match(/^ {2}metrics +\d+ {2}.*\bhttp_request/gm)).toHaveLength(2);
}, 70_000);

it('says what is wrong with an option, and exits with 1', async () => {
  const child = await runFixture({ file: demo, args: ['--rate', 'fast'], cwd: root });
  expect(await child.exited).toMatchObject({ code: 1 });
  expect(child.stderr).toContain('--rate fast: expected a number from 1 to 1000');
});

it('ends with a clear message and nothing left running when the data file cannot be written', async () => {
  const file = join(root, 'package.json', 'telemetry.duckdb');
  const child = await runFixture({ file: demo, args: ['--check', '--any-port', '--data', file], cwd: root });
  expect(await child.exited).toMatchObject({ code: 1 });
  expect(child.stderr).toMatch(/^demo: crmbet-otel up ended unexpectedly/);
  expect(child.stderr).toContain(file);
});
