import { spawn } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder, waitUntil } from '@crmbet/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type StoreStatus } from '../query.ts';
import { openDuckDbStore } from './open.ts';
import { spanBatch } from './records.test.helper.ts';

const WRITER = join(import.meta.dirname, 'fixtures/write-forever.mjs');
const SPANS = 500;
const LIMIT_BYTES = 6 * 1024 * 1024;

/** The writer under a limit of the size of every file it writes: the closest to a full disk that needs no rights. */
function startLimitedWriter(path: string) {
  const limit = `ulimit -S -f ${LIMIT_BYTES / 512} && exec "$0" "$@"`;
  const child = spawn(
    '/bin/sh',
    [
      '-c',
      limit,
      process.execPath,
      WRITER,
      path,
      String(SPANS),
      '{"maintenanceIntervalMs":50,"retention":{"maxSizeBytes":16777216}}',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  return { child, output };
}

const statuses = (stdout: string): StoreStatus[] =>
  [...stdout.matchAll(/^status (\{.*\})$/gm)].map(([, json]) => JSON.parse(json ?? '') as StoreStatus);

describe('a full disk', () => {
  it('stops writing and says so once, drops with a count, goes on answering, and loses nothing acknowledged', async () => {
    const path = join(temporaryFolder(), 'store.duckdb');
    const { child, output } = startLimitedWriter(path);
    await waitUntil(() => (statuses(output.stdout).at(-1)?.dropped['disk_full'] ?? 0) > 1000, {
      timeoutMs: 20_000,
      message: () => JSON.stringify(output),
    });
    const closed = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await closed;
    const status = statuses(output.stdout).at(-1);
    expect(status?.problem).toMatch(
      /^The disk of .*store\.duckdb is full \(.*\): new telemetry is dropped until there is room\.$/,
    );
    expect(status?.spans).toBeGreaterThan(0);
    expect(output.stdout).toContain('refused STORE_FULL');
    expect(output.stderr.match(/is full/g)).toHaveLength(1);
    const numbers = output.stdout.split('\n').filter((line) => /^\d+$/.test(line));
    // Elsewhere, where there is room for what the limit kept in the write-ahead log.
    const copy = join(temporaryFolder(), 'store.duckdb');
    copyFileSync(path, copy);
    copyFileSync(`${path}.wal`, `${copy}.wal`);
    const store = await openDuckDbStore({ path: copy });
    expect((await store.status()).spans).toBeGreaterThanOrEqual(numbers.length * SPANS);
    await store.close();
  });

  it('recovers when there is room', async () => {
    const path = join(temporaryFolder(), 'store.duckdb');
    const { child, output } = startLimitedWriter(path);
    await waitUntil(() => output.stdout.includes('refused STORE_FULL'), {
      timeoutMs: 20_000,
      message: () => JSON.stringify(output),
    });
    const raise = spawn('prlimit', ['--pid', String(child.pid), '--fsize=unlimited:unlimited'], { stdio: 'inherit' });
    await new Promise((resolve) => raise.once('close', resolve));
    await waitUntil(() => output.stderr.includes('has room again'), {
      timeoutMs: 20_000,
      message: () => JSON.stringify(output),
    });
    expect(output.stderr).toMatch(/has room again; [1-9]\d* records were dropped meanwhile/);
    const before = statuses(output.stdout).length;
    await waitUntil(() => statuses(output.stdout).length > before + 1);
    expect(statuses(output.stdout).at(-1)?.problem).toBe('');
  });

  it('stops before the disk is full, at the reserve', async () => {
    const lines: string[] = [];
    const store = await openDuckDbStore({
      path: join(temporaryFolder(), 'store.duckdb'),
      diskReserveBytes: 2 ** 60,
      report: (line) => lines.push(line),
    });
    await expect(store.write(spanBatch(3))).rejects.toMatchObject({ code: 'STORE_FULL' });
    await expect(store.write(spanBatch(4))).rejects.toMatchObject({ code: 'STORE_FULL' });
    expect(await store.status()).toMatchObject({
      spans: 0,
      dropped: { disk_full: 7 },
      problem: expect.stringContaining('kept in reserve') as string,
    });
    expect(lines).toHaveLength(1);
    await store.close();
  });
});
