import { join } from 'node:path';
import { runFixture, startOtlpServer } from '@crmbet/testkit';
import { expect, it } from 'vitest';

const packageRoot = join(__dirname, '..');

it.each([
  ['--import', true],
  ['--require', true],
  [undefined, false],
])('clients imported by an ES module are instrumented with %s', async (flag, instrumented) => {
  const otlp = await startOtlpServer();
  const app = await runFixture({
    file: 'src/fixtures/esm-clients.mjs',
    cwd: packageRoot,
    nodeArgs: flag === undefined ? [] : [flag, '@crmbet/otel'],
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url },
  });
  expect(await app.exited).toEqual({ code: 0, signal: null });
  const names = ['http', 'pg', 'ioredis', 'redis', 'amqplib', 'winston'];
  expect(JSON.parse(app.stdout)).toEqual(Object.fromEntries(names.map((name) => [name, instrumented])));
  expect(app.stderr).toBe('');
});
