import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fixtureEnvironment } from './fixture-environment.ts';
import { freePort } from './free-port.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { waitUntil } from './wait-until.ts';

describe('waitUntil', () => {
  test('returns the first truthy result', async () => {
    let calls = 0;
    expect(await waitUntil(() => (calls += 1) === 3 && { calls }, { intervalMs: 1 })).toEqual({ calls: 3 });
  });

  test('survives checks that throw, and gives the last error as cause', async () => {
    const check = () => {
      throw new Error('refused');
    };
    await expect(waitUntil(check, { timeoutMs: 20, intervalMs: 1, message: 'the port' })).rejects.toMatchObject({
      message: 'Waited 20 ms in vain for the port',
      cause: new Error('refused'),
    });
  });
});

test('freePort gives a port that can be bound', async () => {
  const port = await freePort();
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  expect(server.address()).toMatchObject({ address: '127.0.0.1', port });
  server.close();
});

describe('temporaryFolder', () => {
  const made: string[] = [];

  test('makes an empty folder', () => {
    const folder = temporaryFolder();
    expect(readdirSync(folder)).toEqual([]);
    writeFileSync(join(folder, 'file'), 'text');
    made.push(folder);
  });

  test('that is gone after the test', () => {
    expect(made.map((folder) => existsSync(folder))).toEqual([false]);
  });
});

test('a fixture does not inherit what would change telemetry', () => {
  process.env['OTEL_SERVICE_NAME'] = 'of-the-test';
  const environment = fixtureEnvironment({ ADDED: '1', PATH: undefined });
  delete process.env['OTEL_SERVICE_NAME'];
  expect(environment).toMatchObject({ ADDED: '1', HOME: process.env['HOME'] });
  expect(Object.keys(environment)).not.toEqual(expect.arrayContaining(['OTEL_SERVICE_NAME']));
  expect('PATH' in environment).toBe(false);
});
