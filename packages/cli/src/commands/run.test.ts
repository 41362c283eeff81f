import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runFixture, temporaryFolder, waitUntil } from '@crmbet/testkit';
import { describe, expect, test } from 'vitest';

const bin = fileURLToPath(new URL('../../bin/crmbet-otel.mjs', import.meta.url));
const application = fileURLToPath(new URL('fixtures/server.cjs', import.meta.url));
const anyPort = ['--http-port', '0', '--grpc-port', '0', '--ui-port', '0'];

function start(
  command: string[],
  more: { stdin?: string; env?: Record<string, string>; readyPattern?: RegExp; options?: string[] } = {},
) {
  const { options = [], ...rest } = more;
  const data = join(temporaryFolder(), 'telemetry.duckdb');
  return runFixture({ file: bin, args: ['run', '--data', data, ...anyPort, ...options, '--', ...command], ...rest });
}

async function run(command: string[], more: Parameters<typeof start>[1] = {}) {
  const fixture = await start(command, more);
  return { ...(await fixture.exited), stdout: fixture.stdout, stderr: fixture.stderr };
}

const node = process.execPath;

/** The words that run `code`. */
function script(code: string): string[] {
  const file = join(temporaryFolder(), 'script.cjs');
  writeFileSync(file, code);
  return [node, file];
}

test("input, output, arguments and exit code are the command's", async () => {
  const code = `process.stdin.on('data', (d) => { console.log(process.argv.slice(2).join(), String(d)); console.error('E'); process.exitCode = 7; })`;
  const result = await run([...script(code), '--json', '-x'], { stdin: 'in' });
  expect(result).toMatchObject({ code: 7, signal: null, stdout: '--json,-x in\n' });
  expect(result.stderr).toMatch(/^crmbet-otel: telemetry at http:\/\/127\.0\.0\.1:\d+$/m);
  expect(result.stderr).toMatch(/^E$/m);
});

test('the command finds where to send, and its own NODE_OPTIONS too', async () => {
  const code = `console.log(JSON.stringify({ title: process.title, ...process.env }))`;
  const env = {
    NODE_OPTIONS: '--title=mine',
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://elsewhere.invalid/v1/traces',
  };
  const { stdout, stderr } = await run(script(code), { env });
  const environment = JSON.parse(stdout) as Record<string, string>;
  expect(environment).toMatchObject({
    title: 'mine',
    OTEL_EXPORTER_OTLP_ENDPOINT: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    OTEL_METRIC_EXPORT_INTERVAL: '2000',
  });
  expect(environment).not.toHaveProperty('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT');
  expect(stderr).toContain('set for this command instead of yours: OTEL_EXPORTER_OTLP_TRACES_ENDPOINT');
});

test('an application without telemetry of its own: its trace outlives it in the data file', async () => {
  const folder = join(temporaryFolder(), 'with spaces');
  mkdirSync(folder);
  copyFileSync(application, join(folder, 'server.cjs'));
  const data = join(folder, 'telemetry.duckdb');
  const fixture = await runFixture({
    file: bin,
    args: ['run', '--data', data, ...anyPort, '--', node, join(folder, 'server.cjs')],
    env: { OTEL_SERVICE_NAME: 'greeter' },
  });
  expect(await fixture.exited).toEqual({ code: 0, signal: null });
  expect(fixture.stderr).toContain(`telemetry is kept in ${data}`);
  const asked = await runFixture({ file: bin, args: ['correlate', 'greet-1', '--json', '--data', data] });
  await asked.exited;
  expect(asked.stderr).toBe('');
  expect(JSON.parse(asked.stdout)).toMatchObject({
    idType: 'correlation',
    timeline: expect.arrayContaining([expect.objectContaining({ kind: 'span', serviceName: 'greeter' })]),
  });
});

test('a running `up` is used, not started again', async () => {
  const data = join(temporaryFolder(), 'telemetry.duckdb');
  const up = await runFixture({ file: bin, args: ['up', '--json', '--data', data, ...anyPort], readyPattern: /"url"/ });
  const { uiPort, endpoints } = JSON.parse(up.stdout) as { uiPort: number; endpoints: { http: string } };
  const code = 'console.log(process.env.OTEL_EXPORTER_OTLP_ENDPOINT)';
  const { stdout, stderr } = await run(script(code), { options: ['--ui-port', String(uiPort)] });
  expect(stdout).toBe(`${endpoints.http}\n`);
  expect(stderr).not.toContain('telemetry is kept in');
});

describe('signals', () => {
  const handling = `process.on('SIGTERM', () => { console.log('asked to stop'); process.exit(5); }); setInterval(() => {}, 1000); console.log('ready');`;

  test('reach the command, which decides how to end', async () => {
    const fixture = await start(script(handling), { readyPattern: /^ready$/m });
    fixture.kill('SIGTERM');
    expect(await fixture.exited).toEqual({ code: 5, signal: null });
    expect(fixture.stdout).toContain('asked to stop');
  });

  test('that end the command end this process', async () => {
    const fixture = await start(script(`process.kill(process.pid, 'SIGKILL')`));
    expect(await fixture.exited).toEqual({ code: null, signal: 'SIGKILL' });
  });

  test('the command does not outlive it', async () => {
    const fixture = await start(script(`console.log('pid ' + process.pid); setInterval(() => {}, 1000)`), {
      readyPattern: /pid (\d+)/,
    });
    fixture.kill('SIGHUP');
    await fixture.exited;
    await waitUntil(() => !isAlive(fixture.port), { message: 'the end of the command' });
    expect(isAlive(fixture.port)).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('a command that does not exist is 127, one that cannot be run 126', async () => {
  expect(await run(['no-such-command'])).toMatchObject({
    code: 127,
    stdout: '',
    stderr: expect.stringMatching(/^crmbet-otel: command not found: no-such-command$/m),
  });
  const file = join(temporaryFolder(), 'text');
  writeFileSync(file, 'text');
  chmodSync(file, 0o644);
  expect(await run([file])).toMatchObject({
    code: 126,
    stderr: expect.stringMatching(/^crmbet-otel: cannot run .*EACCES/m),
  });
});
