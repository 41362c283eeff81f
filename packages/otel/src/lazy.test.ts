import { join } from 'node:path';
import { runFixture, startOtlpServer } from '@crmbet/testkit';
import { expect, it } from 'vitest';
import { startsWithEsModule } from './instrumentation/esm-hooks.ts';

const packageRoot = join(__dirname, '..');

async function run(file: string, nodeArgs: string[] = ['--require', '@crmbet/otel']): Promise<unknown> {
  const otlp = await startOtlpServer();
  const app = await runFixture({
    file: `src/fixtures/${file}`,
    cwd: packageRoot,
    nodeArgs,
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url },
  });
  expect(await app.exited).toEqual({ code: 0, signal: null });
  expect(app.stderr).toBe('');
  return JSON.parse(app.stdout);
}

it('loads an instrumentation with the first use of what it is for, and hooks neither require nor import', async () => {
  const nothing = {
    base: false,
    http: false,
    undici: false,
    pg: false,
    ioredis: false,
    requireHook: false,
    importHook: false,
  };
  const afterPg = { ...nothing, base: true, pg: true };
  expect(await run('lazy.cjs')).toEqual({
    start: nothing,
    afterPg: { ...afterPg, patched: true },
    afterFetch: { ...afterPg, undici: true },
    afterHttp: { ...afterPg, undici: true, http: true },
  });
});

it('instruments what a CommonJS file imports', async () => {
  expect(await run('dynamic-import.cjs')).toEqual({ ioredis: true });
});

it.each([
  ['src/fixtures/express-app.mjs', '', true],
  ['src/fixtures/express-app.cjs', '', false],
  ['src/fixtures/express-app.cjs', '--enable-source-maps --import @crmbet/otel', true],
  ['../telemetry/src/index.ts', '', true],
  ['src/index.ts', '', false],
  ['absent.js', '', false],
  [undefined, '', false],
  [undefined, '--input-type=module -e 1', true],
])('knows whether %s with "%s" starts with an ES module', (entry, options, expected) => {
  expect(startsWithEsModule(entry && join(packageRoot, entry), options)).toBe(expected);
});
