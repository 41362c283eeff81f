import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runFixture, temporaryFolder } from '@crmbet/testkit';
import { describe, expect, test } from 'vitest';

const bin = fileURLToPath(new URL('../../bin/crmbet-otel.mjs', import.meta.url));
const anyPort = ['--http-port', '0', '--grpc-port', '0', '--ui-port', '0'];

interface StartLine {
  url: string;
  httpPort: number;
  grpcPort: number;
  uiPort: number;
  endpoints: { http: string; grpc: string; ui: string };
  data: string;
  pid: number;
}

async function startUp(args: string[] = []) {
  const data = join(temporaryFolder(), 'below', 'telemetry.duckdb');
  const fixture = await runFixture({
    file: bin,
    args: ['up', '--json', '--data', data, ...anyPort, ...args],
    readyPattern: /"url"/,
  });
  return { fixture, data, line: JSON.parse(fixture.stdout) as StartLine };
}

async function run(...args: string[]) {
  const fixture = await runFixture({ file: bin, args });
  const { code } = await fixture.exited;
  return { code, stdout: fixture.stdout, stderr: fixture.stderr };
}

test('says where it listens, as JSON, and serves the UI there', async () => {
  const { line, fixture, data } = await startUp();
  expect(line).toEqual({
    url: `http://127.0.0.1:${line.uiPort}`,
    httpPort: expect.any(Number),
    grpcPort: expect.any(Number),
    uiPort: expect.any(Number),
    endpoints: {
      http: `http://127.0.0.1:${line.httpPort}`,
      grpc: `http://127.0.0.1:${line.grpcPort}`,
      ui: `http://127.0.0.1:${line.uiPort}`,
    },
    data,
    pid: fixture.pid,
  });
  const status = (await (await fetch(`${line.url}/api/v1/status`)).json()) as { endpoints: unknown };
  expect(status.endpoints).toEqual(line.endpoints);
  expect(await (await fetch(line.url)).text()).toContain('<!doctype html>');
});

test('in words', async () => {
  const data = join(temporaryFolder(), 'telemetry.duckdb');
  const fixture = await runFixture({ file: bin, args: ['up', '--data', data, ...anyPort], readyPattern: /Stop/ });
  expect(fixture.stdout.replaceAll(/:\d+/g, ':PORT').replace(data, 'FILE')).toMatchInlineSnapshot(`
    "UI         http://127.0.0.1:PORT
    OTLP/HTTP  http://127.0.0.1:PORT
    OTLP/gRPC  http://127.0.0.1:PORT
    Data       FILE

    Send telemetry: node --require @crmbet/otel app.js
    Stop: Ctrl-C
    "
  `);
});

describe('stops cleanly', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('on %s, and what it acknowledged stays readable', async (signal) => {
    const { fixture, line, data } = await startUp();
    const response = await fetch(`${line.endpoints.http}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        resourceSpans: [
          {
            scopeSpans: [
              {
                spans: [
                  {
                    traceId: '5b8efff798038103d269b633813fc60c',
                    spanId: 'eee19b7ec3c1b174',
                    name: 'kept',
                    startTimeUnixNano: String(BigInt(Date.now()) * 1_000_000n),
                    endTimeUnixNano: String(BigInt(Date.now() + 5) * 1_000_000n),
                  },
                ],
              },
            ],
          },
        ],
      }),
    });
    expect(response.status).toBe(200);
    fixture.kill(signal);
    expect(await fixture.exited).toEqual({ code: 0, signal: null });
    expect(fixture.stderr).toBe('');
    const { code, stdout } = await run('traces', '--json', '--data', data);
    expect({ code, document: JSON.parse(stdout) as unknown }).toMatchObject({
      code: 0,
      document: { traces: [{ rootName: 'kept' }] },
    });
  });
});

test.each([
  ['--http-port', 'httpPort', 'CRMBET_OTEL_HTTP_PORT'],
  ['--grpc-port', 'grpcPort', 'CRMBET_OTEL_GRPC_PORT'],
  ['--ui-port', 'uiPort', 'CRMBET_OTEL_UI_PORT'],
] as const)('a port that is taken is one line that names %s', async (flag, name, variable) => {
  const { line } = await startUp();
  const port = line[name];
  const data = join(temporaryFolder(), 'other.duckdb');
  const { code, stdout, stderr } = await run('up', '--data', data, ...anyPort, flag, String(port));
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toBe(
    `crmbet-otel: port ${port} of 127.0.0.1 is in use (another \`crmbet-otel up\`, or a collector?): choose another with ${flag} or ${variable}.\n`,
  );
});

test('a data file that another has open is one line', async () => {
  const { data } = await startUp();
  const { code, stderr } = await run('up', '--data', data, ...anyPort);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^crmbet-otel: .*telemetry\.duckdb.*in use.*\n$/);
});

test('listening everywhere is said, and needs a token to read', async () => {
  const { fixture, line } = await startUp(['--host', '0.0.0.0', '--token', 'a-token-of-20-letters']);
  expect(fixture.stderr).toContain('others in the network of 0.0.0.0 can send telemetry');
  expect((await run('traces', '--url', line.url)).code).toBe(1);
  expect((await run('traces', '--url', line.url, '--token', 'a-token-of-20-letters')).code).toBe(0);
  const withoutToken = await run('up', '--host', '0.0.0.0', '--data', join(temporaryFolder(), 'x.duckdb'), ...anyPort);
  expect(withoutToken).toMatchObject({ code: 1, stderr: expect.stringMatching(/^crmbet-otel: .*set a token.*\n$/) });
});
