import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  runFixture,
  startOtlpServer,
  temporaryFolder,
  type FixtureOptions,
  type OtlpServer,
  type ReceivedSpan,
} from '@crmbet/testkit';
import { describe, expect, it } from 'vitest';

const packageRoot = join(__dirname, '../..');
const register = join(packageRoot, 'dist/register.js');
const fixture = (name: string) => join(packageRoot, 'src/fixtures', name);
const record = `require('@opentelemetry/api').trace.getTracer('t').startSpan('work').end();`;
const preload = ['--require', '@crmbet/otel'];

async function run(otlp: OtlpServer, options: FixtureOptions) {
  const app = await runFixture({
    cwd: packageRoot,
    ...options,
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url, ...options.env },
  });
  expect(await app.exited).toEqual({ code: 0, signal: null });
  return { stdout: app.stdout, lines: app.stderr.split('\n').filter(Boolean) };
}

/** A copy of this package elsewhere, as two versions in one node_modules tree are. */
function secondCopy(): string {
  const folder = join(temporaryFolder(), 'copy');
  mkdirSync(folder);
  for (const name of ['dist', 'package.json']) cpSync(join(packageRoot, name), join(folder, name), { recursive: true });
  symlinkSync(join(packageRoot, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** A folder with packages of these names that do nothing, and a script that loads them. */
function folderWith(names: readonly string[], version = '1.0.0'): string {
  const folder = temporaryFolder();
  for (const name of names) {
    const own = join(folder, 'node_modules', name);
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, 'package.json'), JSON.stringify({ name, version }));
    writeFileSync(join(own, 'index.js'), '');
  }
  return folder;
}

describe('preloaded twice: one line, and every span once', () => {
  it.each([
    ['--require twice', [...preload, ...preload], {}],
    ['--require and NODE_OPTIONS', preload, { NODE_OPTIONS: `--require ${JSON.stringify(register)}` }],
    ['--require and --import', [...preload, '--import', '@crmbet/otel'], {}],
  ])('%s', async (_name, nodeArgs, env) => {
    const otlp = await startOtlpServer();
    const { lines } = await run(otlp, { args: ['-e', record], nodeArgs, env });
    expect(lines).toEqual([
      expect.stringMatching(/^crmbet-otel: preloaded 2 times \(--require in .*nothing is doubled/),
    ]);
    expect(otlp.spans().map(({ name }) => name)).toEqual(['work']);
  });

  it('by two copies of the package, whose folders it names', async () => {
    const otlp = await startOtlpServer();
    const copy = secondCopy();
    const { lines } = await run(otlp, {
      args: ['-e', record],
      nodeArgs: [...preload, '--require', join(copy, 'dist/register.js')],
    });
    expect(lines).toEqual([expect.stringMatching(/^crmbet-otel: started twice in one process by two copies/)]);
    expect(lines[0]).toContain(copy);
    expect(lines[0]).toContain(packageRoot);
    expect(otlp.spans().map(({ name }) => name)).toEqual(['work']);
  });

  it('by the preload and start()', async () => {
    const otlp = await startOtlpServer();
    const code = `require('@crmbet/otel/sdk').start(); ${record}`;
    const { lines } = await run(otlp, { args: ['-e', code], nodeArgs: preload });
    expect(lines).toEqual([expect.stringMatching(/^crmbet-otel: started twice in one process: the first start stays/)]);
    expect(otlp.spans().map(({ name }) => name)).toEqual(['work']);
  });
});

describe('beside another OpenTelemetry SDK', () => {
  it('that the application starts: it has no effect, one line says so, every span is there once', async () => {
    const otlp = await startOtlpServer();
    const { stdout, lines } = await run(otlp, { file: fixture('later-sdk.cjs'), nodeArgs: preload });
    expect(stdout).toBe('own 0\n');
    expect(lines).toEqual([
      expect.stringMatching(
        /^crmbet-otel: another OpenTelemetry SDK was started after @crmbet\/otel and has no effect: /,
      ),
    ]);
    expect(otlp.spans().map(({ name }) => name)).toEqual(['work']);
  });

  it('that was there first: it gets everything, we nothing, one line says so', async () => {
    const otlp = await startOtlpServer();
    const { stdout, lines } = await run(otlp, {
      args: ['-e', record],
      nodeArgs: ['--require', fixture('later-sdk.cjs'), ...preload],
    });
    expect(stdout).toBe('own 2\n');
    expect(lines).toEqual([
      expect.stringMatching(
        /^crmbet-otel: another OpenTelemetry SDK is registered in this process already \(trace, context, propagation\)/,
      ),
    ]);
    expect(otlp.requests).toEqual([]);
  });

  it('that has metrics alone: traces are ours, and a line says where metrics go', async () => {
    const otlp = await startOtlpServer();
    const first = join(temporaryFolder(), 'metrics.cjs');
    const api = JSON.stringify(join(packageRoot, 'node_modules/@opentelemetry/api'));
    writeFileSync(
      first,
      `const { metrics } = require(${api}); metrics.setGlobalMeterProvider(metrics.getMeterProvider());`,
    );
    const { lines } = await run(otlp, { args: ['-e', record], nodeArgs: ['--require', first, ...preload] });
    expect(lines).toEqual([expect.stringMatching(/^crmbet-otel: another OpenTelemetry meter provider is registered/)]);
    expect(otlp.spans().map(({ name }) => name)).toEqual(['work']);
  });
});

it('an HTTP instrumentation that the application brings doubles no span, and breaks no trace', async () => {
  const otlp = await startOtlpServer();
  const { lines } = await run(otlp, { file: fixture('foreign-http.cjs'), nodeArgs: preload });
  expect(lines).toEqual([
    expect.stringMatching(/^crmbet-otel: the application brings @opentelemetry\/instrumentation-http of its own/),
  ]);
  const byKind = (kind: string) => otlp.spans().filter((span) => span.kind === kind);
  const [[client, ...clients], [server, ...servers], [inner]] = ['client', 'server', 'internal'].map(byKind) as [
    ReceivedSpan[],
    ReceivedSpan[],
    ReceivedSpan[],
  ];
  expect([clients, servers]).toEqual([[], []]);
  expect(server).toMatchObject({ traceId: client?.traceId, parentSpanId: client?.spanId });
  expect(inner).toMatchObject({ traceId: client?.traceId, parentSpanId: server?.spanId });
  const counts = otlp.metrics().filter(({ name }) => name === 'http.client.request.duration');
  expect(counts.map(({ count }) => Number(count))).toEqual([1]);
});

describe('beside another tool', () => {
  it.each(['dd-trace', 'newrelic', 'elastic-apm-node', '@sentry/node', '@opentelemetry/auto-instrumentations-node'])(
    '%s is said in one line',
    async (name) => {
      const otlp = await startOtlpServer();
      const { stdout, lines } = await run(otlp, {
        file: fixture('loads.cjs'),
        nodeArgs: ['--require', register],
        env: { FIXTURE_LOADS: join(folderWith([name]), 'node_modules', name) },
      });
      expect(stdout).toBe('loaded\n');
      expect(lines).toEqual([
        expect.stringMatching(new RegExp(`^crmbet-otel: [^(]+ \\(${name}\\) is loaded in this process too: keep one`)),
      ]);
    },
  );
});

it('a newer copy of @opentelemetry/api is an error that says which', async () => {
  const otlp = await startOtlpServer();
  const folder = folderWith(['@opentelemetry/api'], '1.99.0');
  const { lines } = await run(otlp, {
    file: fixture('loads.cjs'),
    nodeArgs: preload,
    env: { FIXTURE_LOADS: join(folder, 'node_modules/@opentelemetry/api') },
  });
  expect(lines[0]).toMatch(/goes nowhere: 1\.99\.0 \(.*\): install one version/);
});
