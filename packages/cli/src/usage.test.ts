import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, runFixture, temporaryFolder } from '@crmbet/testkit';
import { describe, expect, test } from 'vitest';

const bin = fileURLToPath(new URL('../bin/crmbet-otel.mjs', import.meta.url));

async function run(args: string[], env: Record<string, string> = {}) {
  const fixture = await runFixture({ file: bin, args, env });
  const { code } = await fixture.exited;
  return { code, stdout: fixture.stdout, stderr: fixture.stderr };
}

describe('help', () => {
  test.each([[], ['up'], ['run'], ['traces'], ['trace'], ['logs'], ['metrics'], ['correlate'], ['doctor']])(
    '%s',
    async (...words) => {
      const { code, stdout, stderr } = await run([...words, '--help']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(
        new RegExp(`^Usage: crmbet-otel ${words.join(' ')}[^]*Examples:\n  crmbet-otel ${words.join(' ')}`),
      );
    },
  );

  test('comes without loading the store', async () => {
    const trace = `process.on('exit', () => console.error(Object.keys(process.report.getReport().sharedObjects).filter((i) => /duckdb/.test(process.report.getReport().sharedObjects[i])).length + ' DuckDB libraries'))`;
    const fixture = await runFixture({
      file: bin,
      nodeArgs: ['--import', `data:text/javascript,${trace}`],
      args: ['--help'],
    });
    await fixture.exited;
    expect(fixture.stderr).toBe('0 DuckDB libraries\n');
  });
});

test('version', async () => {
  expect(await run(['--version'])).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: '' });
});

describe('wrong usage ends with 2 and what is allowed', () => {
  test.each([
    [['trcaes'], 'Did you mean traces?'],
    [['traces', '--servce', 'x'], 'Did you mean --service?'],
    [['traces', '--status', 'eror'], 'Use one of unset, ok, error. Did you mean error?'],
    [['traces', '--limit', '5000'], 'Use a whole number from 1 to 1000.'],
    [['traces', '--since', 'yesterday'], 'Use how long ago'],
    [['traces', '--attribute', 'route'], 'Use key=value'],
    [['traces', '--url', 'localhost'], 'Use an address such as http://127.0.0.1:4319.'],
    [['logs', '--level', 'warning'], 'Did you mean warn?'],
    [['metrics', 'm', '--rate', '--quantile', '0.5'], 'cannot be used with'],
    [['trace'], "missing required argument 'id'"],
    [['trace', 'abc'], '"abc" is no trace ID (32 hexadecimal digits)'],
    [['up', '--http-port', '99999'], 'Use a whole number from 0 to 65535.'],
    [['up', '--retention', '1s'], 'Use at least 1m.'],
    [['doctor', '--seconds', '0'], 'Use a whole number from 1 to 600.'],
    [['run'], "missing required argument 'command'"],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(stderr.split('\n').length).toBeLessThanOrEqual(3);
  });

  test('in a variable, which is named', async () => {
    expect(await run(['up'], { CRMBET_OTEL_UI_PORT: 'x' })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/CRMBET_OTEL_UI_PORT.*Use a whole number/s),
    });
    expect(await run(['traces'], { CRMBET_OTEL_URL: 'x' })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^crmbet-otel: CRMBET_OTEL_URL is "x". Use an address/),
    });
  });
});

test('no server and no data file: says how to get there', async () => {
  const port = String(await freePort());
  const { code, stderr } = await run(['traces'], { CRMBET_OTEL_UI_PORT: port, XDG_DATA_HOME: temporaryFolder() });
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^crmbet-otel: nothing runs at .* and there is no data file .*telemetry\.duckdb: start `crmbet-otel up`.*\n$/,
  );
});

test('a server that is named and not there', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const { code, stderr } = await run(['traces', '--url', url]);
  expect(code).toBe(1);
  expect(stderr).toMatch(new RegExp(`^crmbet-otel: .*${url}.*\n$`));
});

test('a data file that is not there', async () => {
  const file = join(temporaryFolder(), 'none.duckdb');
  expect(await run(['traces', '--data', file])).toEqual({
    code: 1,
    stdout: '',
    stderr: `crmbet-otel: there is no data file ${file}.\n`,
  });
});
