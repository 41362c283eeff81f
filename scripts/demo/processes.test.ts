import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { createChildren, type Children } from './processes.ts';
import { poll } from './poll.ts';

const forever = 'console.log("ready"); setInterval(() => {}, 1000);';
let children: Children | undefined;

afterEach(() => children?.stopAll());

const ready = (name: string, code = forever) => {
  const child = (children ??= createChildren(import.meta.dirname)).start(name, ['--eval', code]);
  return poll(10_000, () => Promise.resolve(child.output().includes('ready') ? child : undefined));
};

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

it('stops what was started last first', async () => {
  children = createChildren(import.meta.dirname);
  const ended: string[] = [];
  for (const name of ['first', 'second']) {
    const child = await ready(name);
    void child?.ended.finally(() => ended.push(name));
  }
  await children.stopAll();
  expect(ended).toEqual(['second', 'first']);
});

it('kills what does not stop, with the processes it started', async () => {
  children = createChildren(import.meta.dirname, 200);
  const stubborn = `
    const { spawn } = require('node:child_process');
    process.on('SIGTERM', () => {});
    const child = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
    console.log('pid ' + child.pid + ' ready');
    setInterval(() => {}, 1000);`;
  const child = await ready('stubborn', stubborn);
  const grandchild = Number(/pid (\d+)/.exec(child?.output() ?? '')?.[1]);
  await children.stopAll();
  // Its standard output is closed, which its parent waited for; the system may need a moment to forget the process.
  const gone = await poll(5000, () => Promise.resolve(isRunning(grandchild) ? undefined : true));
  expect(gone).toBe(true);
});

it('notices a child that ends when it should not, and says what it said last', async () => {
  children = createChildren(import.meta.dirname);
  children.start('the worker', ['--eval', 'console.error("out of luck"); process.exit(3)']);
  await expect(children.crashed).rejects.toThrow('the worker ended unexpectedly (exit code 3):\nout of luck');
});

it('gives children nothing that would change their telemetry', async () => {
  process.env['OTEL_SDK_DISABLED'] = 'true';
  try {
    children = createChildren(import.meta.dirname);
    const child = await ready('a child', `console.log(String(process.env.OTEL_SDK_DISABLED), 'ready'); ${forever}`);
    expect(child?.output()).toContain('undefined ready');
  } finally {
    delete process.env['OTEL_SDK_DISABLED'];
  }
});

it('ends its children when it is killed', async () => {
  const child = `console.log('pid ' + process.pid); setInterval(() => {}, 1000);`;
  const code = `
    import { createChildren } from ${JSON.stringify(new URL('processes.ts', import.meta.url).href)};
    const child = createChildren('.').start('a child', ['--eval', ${JSON.stringify(child)}]);
    setInterval(() => child.output() && console.log(child.output()), 20);`;
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(/pid (\d+)/.exec(output.toString())?.[1]);
  expect(isRunning(pid)).toBe(true);
  parent.kill('SIGKILL');
  expect(await poll(5000, () => Promise.resolve(isRunning(pid) ? undefined : true))).toBe(true);
});
