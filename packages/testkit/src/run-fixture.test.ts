import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { runFixture } from './run-fixture.ts';
import { waitUntil } from './wait-until.ts';

const server = `
  const server = require('http').createServer((_, response) => response.end('hi'));
  server.listen(0, '127.0.0.1', () => console.log('listening on ' + server.address().port));`;

/** A zombie, which nobody has waited for yet, still has its number. */
function isZombie(pid: number): boolean {
  const status = `/proc/${pid}/status`;
  return existsSync(status) && /^State:\s+Z/m.test(readFileSync(status, 'utf8'));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0) && !isZombie(pid);
  } catch {
    return false;
  }
}

test('a server: ready when its line is out, its port, stopped by SIGTERM', async () => {
  const fixture = await runFixture({ args: ['-e', server], readyPattern: /listening on (\d+)/ });
  const response = await fetch(`http://127.0.0.1:${fixture.port}/`);
  expect(await response.text()).toBe('hi');
  expect(await fixture.stop()).toEqual({ code: null, signal: 'SIGTERM' });
  expect(isAlive(fixture.pid)).toBe(false);
});

test('a script: input, environment, Node.js arguments, output, exit code', async () => {
  const code = `process.stdin.on('data', (d) => { console.log(process.title, String(d)); console.error(process.env.A); process.exitCode = 3; })`;
  const fixture = await runFixture({ nodeArgs: ['--title=me'], args: ['-e', code], stdin: 'in', env: { A: 'b' } });
  expect(await fixture.exited).toEqual({ code: 3, signal: null });
  expect([fixture.stdout, fixture.stderr]).toEqual(['me in\n', 'b\n']);
});

test('one that ends before it is ready fails with its output', async () => {
  const failure = runFixture({ args: ['-e', `console.error('no database'); process.exit(4)`], readyPattern: /ready/ });
  await expect(failure).rejects.toThrow(/Ended \(exit 4\) before it was ready[^]*no database/);
});

test('one that is not ready in time is killed', async () => {
  const code = `console.log('pid ' + process.pid); setInterval(() => {}, 1000)`;
  const failure = runFixture({ args: ['-e', code], readyPattern: /ready/, timeoutMs: 1500 });
  const message = await failure.then(String, (reason: Error) => reason.message);
  expect(message).toContain('No output matched /ready/ within 1500 ms');
  const pid = Number(/pid (\d+)/.exec(message)?.[1]);
  await waitUntil(() => !isAlive(pid), { message: 'the end of the process' });
});

test('a script that does not end in time is killed', async () => {
  const fixture = await runFixture({ args: ['-e', 'setInterval(() => {}, 1000)'], timeoutMs: 300 });
  expect(await fixture.exited).toEqual({ code: null, signal: 'SIGKILL' });
});

describe('nothing outlives its test', () => {
  const pids: number[] = [];

  test('a process that is not stopped, its own child, deaf to SIGTERM', async () => {
    const code = `
      const child = require('child_process').spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'], { stdio: 'ignore' });
      setInterval(() => {}, 1000);
      child.on('spawn', () => console.log('child ' + child.pid));`;
    const fixture = await runFixture({ args: ['-e', code], readyPattern: /child (\d+)/ });
    pids.push(fixture.pid, fixture.port);
    expect(pids.map(isAlive)).toEqual([true, true]);
  });

  test('is gone afterwards', async () => {
    expect(pids).toHaveLength(2);
    await waitUntil(() => !pids.some(isAlive), { message: `the end of ${pids.join(' and ')}` });
  });
});
