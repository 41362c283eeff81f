/** What the logger does to a process, and a process to the logger; with the built package, as an application has it. */
import { spawn, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRecords, temporaryFolder, type Line } from './support.test.helper.ts';

interface Run extends SpawnSyncReturns<string> {
  folder: string;
  logs: string;
  /** The records on stdout. */
  console: Line[];
}

async function run(fixture: string, env: NodeJS.ProcessEnv = {}): Promise<Run> {
  const folder = await temporaryFolder();
  const result = spawnSync(process.execPath, [fixturePath(fixture)], {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...env },
    encoding: 'utf8',
    timeout: 20_000,
  });
  const lines = result.stdout.split('\n').filter((line) => line.startsWith('{'));
  return { ...result, folder, logs: join(folder, 'logs'), console: lines.map((line) => JSON.parse(line) as Line) };
}

function fixturePath(name: string): string {
  return join(__dirname, 'fixtures', `${name}.cjs`);
}

const sequence = (records: Line[]): unknown[] => records.map((record) => record['sequence']);
const first200 = Array.from({ length: 200 }, (_, i) => i);

it('does nothing when it is imported, and its default logger is made at the first use', async () => {
  const { stdout, status, logs } = await run('import-only');
  const [report, record, after] = stdout.split('\n').map((line) => (line === '' ? {} : (JSON.parse(line) as Line)));
  const nothing = { folder: false, listeners: 0 };
  expect(report).toEqual({ imported: nothing, closed: nothing });
  expect(record).toMatchObject({ level: 'warn', message: 'first use', service: 'crmbet-backend' });
  expect(after).toEqual({ folder: true });
  expect(status).toBe(0);
  expect(readRecords(logs)).toHaveLength(1);
});

describe('what was logged is written', () => {
  it('before process.exit() in the same turn, to the files and as JSON lines to stdout, which is no terminal', async () => {
    const { status, logs, console: lines, stderr } = await run('exit-at-once');
    expect(status).toBe(3);
    expect(sequence(readRecords(logs))).toEqual(first200);
    expect(sequence(lines)).toEqual(first200);
    expect(stderr).toBe('');
  });

  it('before SIGKILL in the same turn, to the files', async () => {
    const { signal, logs } = await run('killed-at-once');
    expect(signal).toBe('SIGKILL');
    expect(sequence(readRecords(logs))).toEqual(first200);
  });

  it('to the files when the reader of stdout leaves, and the process goes on', async () => {
    const folder = await temporaryFolder();
    const child = spawn(process.execPath, [fixturePath('chatty')], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.once('data', () => child.stdout.destroy());
    const [status] = (await once(child, 'exit')) as [number | null];
    expect(status).toBe(0);
    expect(readRecords(join(folder, 'logs'))).toHaveLength(20_000);
  });
});

it('goes on when stdout is a file on a full disk', async () => {
  const folder = await temporaryFolder();
  const full = openSync('/dev/full', 'w');
  const result = spawnSync(process.execPath, [fixturePath('chatty')], { cwd: folder, stdio: ['ignore', full, 'pipe'] });
  closeSync(full);
  expect(String(result.stderr)).toBe('');
  expect(result.status).toBe(0);
  expect(readRecords(join(folder, 'logs'))).toHaveLength(20_000);
});

describe('an uncaught exception', () => {
  it('is written, once, and the process dies of it as it would without us', async () => {
    const { status, stderr, logs, console: lines } = await run('uncaught');
    expect(status).toBe(1);
    expect(stderr).toContain('Error: boom');
    const [record, ...others] = readRecords(logs, 'exceptions.log');
    expect(others).toEqual([]);
    expect(record).toMatchObject({
      level: 'error',
      message: 'uncaughtException: boom',
      exception: true,
      service: 'crmbet-backend',
      errorDetails: { name: 'Error', code: 'E_BOOM', cause: { message: 'root' } },
    });
    expect(record?.['error']).toMatch(/^Error: boom\n {4}at .*[\s\S]*\nCaused by: Error: root\n/);
    expect(lines.map((line) => line['message'])).toEqual(['before', 'uncaughtException: boom']);
    expect(existsSync(join(logs, 'rejections.log'))).toBe(false);
  });

  it('is written, and an application that handles it lives on', async () => {
    const { status, stderr, logs } = await run('uncaught', { OWN_HANDLER: '1' });
    expect(status).toBe(0);
    expect(stderr).toBe('handled boom\n');
    expect(readRecords(logs, 'exceptions.log')).toHaveLength(1);
    expect(readRecords(logs).map((record) => record['message'])).toEqual(['before', 'still alive']);
  });
});

it('writes an unhandled rejection, and the process dies of it', async () => {
  const { status, stdout, stderr, logs } = await run('rejection');
  expect(status).toBe(1);
  expect(stdout).not.toContain('still alive');
  expect(stderr).toContain('TypeError: refused');
  expect(readRecords(logs, 'rejections.log')).toMatchObject([
    { message: 'unhandledRejection: refused', rejection: true },
  ]);
  expect(existsSync(join(logs, 'exceptions.log'))).toBe(false);
});

it('says a wrong LOG_LEVEL in one line', async () => {
  const { stderr, status, logs } = await run('import-only', { LOG_LEVEL: 'chatty' });
  expect(stderr).toBe(
    '[crmbet-logger] LOG_LEVEL="chatty" is not a level; allowed: error, warn, info, http, verbose, debug, silly; using info\n',
  );
  expect(status).toBe(0);
  expect(readRecords(logs)).toHaveLength(1);
});
