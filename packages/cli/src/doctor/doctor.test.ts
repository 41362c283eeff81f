import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, runFixture, startOtlpServer, temporaryFolder, waitUntil } from '@crmbet/testkit';
import { describe, expect, test } from 'vitest';
import type { Check } from './check.ts';

const bin = fileURLToPath(new URL('../../bin/crmbet-otel.mjs', import.meta.url));
/** Where `@crmbet/otel`, `express` and other packages resolve. */
const home = dirname(createRequire(import.meta.url).resolve('@crmbet/otel/package.json'));
const node = process.execPath;

interface Document {
  good: boolean;
  checks: Check[];
  processes: { script: string; instrumented: { name: string }[] }[];
}

async function doctor(args: string[], env: Record<string, string> = {}) {
  const { port } = await unusedPort;
  const fixture = await runFixture({
    file: bin,
    args: ['doctor', ...args],
    cwd: home,
    env: { CRMBET_OTEL_UI_PORT: String(port), ...env },
    timeoutMs: 60_000,
  });
  const { code } = await fixture.exited;
  return { code, stdout: fixture.stdout, stderr: fixture.stderr };
}

/** No `up` of this machine is to be asked by accident. */
const unusedPort = freePort().then((port) => ({ port }));

async function examine(args: string[], env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await doctor(['--json', ...args], env);
  return { code, stderr, ...(JSON.parse(stdout) as Document) };
}

/** Where telemetry is taken, so that what else is found is all there is. */
async function receiver() {
  const otlp = await startOtlpServer();
  return { OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url };
}

function script(code: string, name = 'app.cjs'): string {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, code);
  return file;
}

const errors = ({ checks }: Document) => checks.filter(({ state }) => state === 'error');

describe('without a command', () => {
  test('all is well: 0, a line for each check', async () => {
    const env = await receiver();
    const { code, stdout } = await doctor([], env);
    expect(code).toBe(0);
    expect(stdout.replaceAll(env.OTEL_EXPORTER_OTLP_ENDPOINT, 'URL').replace(/Node\.js \S+/, 'Node.js VERSION'))
      .toMatchInlineSnapshot(`
        "ok       node      Node.js VERSION
        ok       settings  CRMBET_OTEL_UI_PORT=[REDACTED] OTEL_EXPORTER_OTLP_ENDPOINT=URL
        ok       traces    URL/v1/traces (http/protobuf) accepted a test
        ok       metrics   URL/v1/metrics (http/protobuf) accepted a test
        ok       logs      URL/v1/logs (http/protobuf) accepted a test

        Telemetry works.
        "
      `);
  });

  test.each(['http/protobuf', 'grpc'])('what `up` receives over %s is read back', async (protocol) => {
    const data = join(temporaryFolder(), 'telemetry.duckdb');
    const up = await runFixture({
      file: bin,
      args: ['up', '--json', '--data', data, '--http-port', '0', '--grpc-port', '0', '--ui-port', '0'],
      readyPattern: /"url"/,
    });
    const { uiPort, endpoints } = JSON.parse(up.stdout) as { uiPort: number; endpoints: Record<string, string> };
    const result = await examine([], {
      CRMBET_OTEL_UI_PORT: String(uiPort),
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoints[protocol === 'grpc' ? 'grpc' : 'http'] ?? '',
    });
    expect(result).toMatchObject({ code: 0, good: true });
    const read = result.checks.filter(({ what }) => what === 'the test was read back from `up`');
    expect(read.map(({ name }) => name).sort()).toEqual(['logs', 'metrics', 'traces']);
  });

  test('nobody listens: 1, and what to do', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const result = await examine([], { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_LOGS_EXPORTER: 'none' });
    expect(result).toMatchObject({ code: 1, good: false });
    expect(errors(result)).toEqual(
      ['traces', 'metrics'].map((name) => ({
        name,
        state: 'error',
        what: `${url}/v1/${name} (http/protobuf) accepts nothing: ECONNREFUSED`,
        advice: expect.stringMatching(/crmbet-otel up/),
      })),
    );
  });

  test('a receiver that refuses: by its answer', async () => {
    const otlp = await startOtlpServer();
    otlp.respondWith(401);
    const refused = await examine([], { OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url });
    expect(errors(refused)[0]?.advice).toContain('OTEL_EXPORTER_OTLP_HEADERS');
    otlp.respondWith(404);
    const lost = await examine([], { OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url });
    expect(errors(lost)[0]?.advice).toContain('base URL');
  });

  test('wrong settings: each with name, value and what is allowed, and no secret', async () => {
    const result = await examine([], {
      ...(await receiver()),
      OTEL_TRACES_SAMPLER: 'sometimes',
      OTEL_EXPORTER_OTLP_HEADERS: 'hunter2',
      OTEL_SERVICE_NAME: 'AKIAIOSFODNN7EXAMPLE',
    });
    expect(result.code).toBe(1);
    expect(errors(result).map(({ what }) => what)).toEqual([
      expect.stringMatching(
        /^OTEL_TRACES_SAMPLER="sometimes" is not allowed \(.*always_on.*\); using parentbased_always_on$/,
      ),
      expect.stringMatching(/^OTEL_EXPORTER_OTLP_HEADERS=\[REDACTED\] is not allowed/),
    ]);
    expect(JSON.stringify(result)).not.toMatch(/hunter2|AKIA/);
  });

  test('disabled', async () => {
    const result = await examine([], { ...(await receiver()), OTEL_SDK_DISABLED: 'true' });
    expect(errors(result)).toMatchObject([{ name: 'settings', what: expect.stringMatching(/OTEL_SDK_DISABLED/) }]);
  });
});

describe('with a command', () => {
  test('that ends: what is instrumented; its output is not in the way', async () => {
    const app = join(home, 'src/fixtures/loads.cjs');
    const result = await examine(['--', node, app], { ...(await receiver()), FIXTURE_LOADS: 'express,pg' });
    expect(result).toMatchObject({ code: 0, good: true, processes: [{ script: app }] });
    expect(result.checks.at(-1)?.what).toMatch(
      /^loads\.cjs is service @crmbet\/otel, instrumented: http.*express \d.*pg \d/,
    );
    expect(result.stderr).toContain('loaded\n');
  });

  test('that stays is ended with everything it started', async () => {
    const app = script(`
      const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
      console.log('child ' + child.pid);
      process.on('SIGTERM', () => {});
      setInterval(() => {}, 1000);`);
    const result = await examine(['--seconds', '2', '--', node, app], await receiver());
    expect(result).toMatchObject({ code: 0, good: true });
    expect(result.processes.map((report) => report.script)).toContain(app);
    const pid = Number(/child (\d+)/.exec(result.stderr)?.[1]);
    await waitUntil(() => !isAlive(pid));
    expect(isAlive(pid)).toBe(false);
  });

  test('that loads modules before its preload', async () => {
    const app = join(home, 'src/fixtures/loads.cjs');
    const command = [node, '--require', 'express', '--require', '@crmbet/otel', app];
    const result = await examine(['--', ...command], await receiver());
    expect(result.code).toBe(1);
    expect(errors(result)).toMatchObject([
      { name: 'application', what: expect.stringMatching(/: express$/), advice: expect.stringMatching(/first thing/) },
    ]);
  });

  test('that is a bundle', async () => {
    const app = script('// node_modules/express/lib/express.js\n// node_modules/pg/lib/index.js\n', 'bundle.cjs');
    const result = await examine(['--', node, app], await receiver());
    expect(errors(result)).toMatchObject([
      {
        what: expect.stringMatching(/^bundled into the entry script .*: express, pg$/),
        advice: expect.stringMatching(/--external:express --external:pg/),
      },
    ]);
  });

  test('that starts another SDK first, or later', async () => {
    const other = join(home, 'src/fixtures/later-sdk.cjs');
    const env = await receiver();
    const first = await examine(['--', node, '--require', other, '--require', '@crmbet/otel', '-e', '0'], env);
    expect(first.code).toBe(1);
    expect(errors(first)).toMatchObject([{ what: expect.stringMatching(/^another OpenTelemetry SDK is registered/) }]);
    const later = await examine(['--', node, other], env);
    expect(later).toMatchObject({ code: 0, good: true });
    expect(later.checks.filter(({ state }) => state === 'warning')).toMatchObject([
      { what: expect.stringMatching(/^another OpenTelemetry SDK was started after/) },
    ]);
  });

  test('that starts no Node.js, fails, or does not exist', async () => {
    const env = await receiver();
    const none = await examine(['--', 'true'], env);
    expect(errors(none)).toMatchObject([{ what: 'no process of the command loaded @crmbet/otel' }]);
    const failing = await examine(['--', node, '-e', 'process.exit(3)'], env);
    expect(failing.checks).toContainEqual(
      expect.objectContaining({ state: 'warning', what: 'the command ended with exit code 3' }),
    );
    const missing = await doctor(['--', 'no-such-command'], env);
    expect(missing).toMatchObject({ code: 2, stdout: '' });
    expect(missing.stderr).toMatch(/^crmbet-otel: cannot run no-such-command: .*ENOENT\n$/);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
