import { mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { RotatingFile, type RotatingFileOptions } from './rotating-file.ts';
import { captureStderr, readLines, temporaryFolder } from './support.test.helper.ts';

const NOON = new Date(2026, 10, 22, 12).getTime();
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

interface Harness {
  file: RotatingFile;
  folder: string;
  clock: { nowMs: number };
}

async function harness(options: Partial<RotatingFileOptions> = {}, folder?: string): Promise<Harness> {
  const directory = folder ?? (await temporaryFolder());
  const clock = { nowMs: NOON };
  const file = new RotatingFile({
    directory,
    pattern: 'app-%DATE%.log',
    maxSizeBytes: 1_000_000,
    retentionDays: 30,
    now: () => clock.nowMs,
    ...options,
  });
  onTestFinished(() => file.close());
  return { file, folder: directory, clock };
}

/** Polls until `condition` holds or five seconds are over. */
async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!condition() && Date.now() < deadline) await wait(10);
  expect(condition()).toBe(true);
}

it('makes no file before the first line', async () => {
  const { folder, file } = await harness();
  expect(readdirSync(folder)).toEqual([]);
  file.write('a');
  expect(readdirSync(folder)).toEqual(['app-2026-11-22.log']);
});

it('rotates at local midnight', async () => {
  const { file, folder, clock } = await harness();
  file.write('evening');
  clock.nowMs += 12 * HOUR_MS - 1;
  file.write('last');
  clock.nowMs += 1;
  file.write('morning');
  expect(readLines(folder, 'app-2026-11-22')).toEqual(['evening', 'last']);
  expect(readLines(folder, 'app-2026-11-23')).toEqual(['morning']);
});

it('rotates by size, and goes on where it stopped after a restart', async () => {
  const { file, folder } = await harness({ maxSizeBytes: 100 });
  for (let i = 0; i < 3; i += 1) file.write('x'.repeat(60));
  await file.close();
  const again = await harness({ maxSizeBytes: 100 }, folder);
  for (let i = 0; i < 3; i += 1) again.file.write('y'.repeat(60));
  expect(readdirSync(folder).sort()).toEqual(['app-2026-11-22.log', 'app-2026-11-22.log.1', 'app-2026-11-22.log.2']);
  expect(
    readLines(folder, 'app-')
      .map((line) => line[0])
      .join(''),
  ).toBe('xxxyyy');
});

it('loses, doubles and tears no line over rotations by size and day while old files are compressed', async () => {
  const { file, folder, clock } = await harness({ maxSizeBytes: 20_000, quietMs: 20 });
  const total = 60_000;
  for (let i = 0; i < total; i += 1) {
    file.write(`line ${i} ${'x'.repeat(i % 50)}`);
    if (i % 15_000 === 0) clock.nowMs += DAY_MS;
    if (i % 1_000 === 0) await wait(1);
  }
  await until(() => readdirSync(folder).filter((name) => !name.endsWith('.gz')).length === 1);
  await file.close();
  expect(readdirSync(folder).length).toBeGreaterThan(50);
  const seen = readLines(folder, 'app-').map((line) => Number(line.split(' ')[1]));
  expect(seen).toHaveLength(total);
  expect(seen.findIndex((value, i) => value !== i)).toBe(-1);
});

it('compresses what a process left behind, and removes what is past its retention', async () => {
  const folder = await temporaryFolder();
  const leave = (name: string, ageDays: number): void => {
    writeFileSync(join(folder, name), 'old\n');
    const time = new Date(Date.now() - ageDays * DAY_MS);
    utimesSync(join(folder, name), time, time);
  };
  leave('app-2026-11-20.log', 2);
  leave('app-2026-10-01.log.gz', 31);
  leave('app-2026-10-01.log.1', 31);
  leave('other-2026-10-01.log', 31);
  leave('app-2026-10-01.log.bak', 31);
  const { file } = await harness({ quietMs: 20 }, folder);
  file.write('new');
  const expected = ['app-2026-10-01.log.bak', 'app-2026-11-20.log.gz', 'app-2026-11-22.log', 'other-2026-10-01.log'];
  await until(() => readdirSync(folder).sort().join() === expected.join());
  expect(readLines(folder, 'app-2026-11-20')).toEqual(['old']);
});

it('does not append to a generation that is compressed already', async () => {
  const folder = await temporaryFolder();
  writeFileSync(join(folder, 'app-2026-11-22.log.gz'), '');
  const { file } = await harness({}, folder);
  file.write('a');
  expect(readLines(folder, 'app-2026-11-22.log.1')).toEqual(['a']);
});

it('shares its files with another process, and moves on with it', async () => {
  const first = await harness({ maxSizeBytes: 100 });
  const second = await harness({ maxSizeBytes: 100 }, first.folder);
  first.file.write('a'.repeat(60));
  second.file.write('b'.repeat(60));
  first.clock.nowMs += 2_000;
  first.file.write('c');
  second.clock.nowMs += 2_000;
  second.file.write('d');
  expect(readLines(first.folder, 'app-2026-11-22.log.1')).toEqual(['c', 'd']);
});

it.each(['removed', 'removed with its folder'] as const)('makes a new file when its own was %s', async (how) => {
  const { file, folder, clock } = await harness();
  file.write('a');
  if (how === 'removed') rmSync(join(folder, 'app-2026-11-22.log'));
  else rmSync(folder, { recursive: true });
  clock.nowMs += 2_000;
  file.write('b');
  expect(readLines(folder, 'app-')).toEqual(['b']);
});

it('says in one line that it cannot write, counts, and goes on when it can', async () => {
  const stderr = captureStderr();
  const folder = await temporaryFolder();
  const directory = join(folder, 'logs');
  writeFileSync(directory, 'a file where the folder should be');
  const { file, clock } = await harness({}, directory);
  for (let i = 0; i < 5; i += 1) file.write(`lost ${i}`);
  rmSync(directory);
  mkdirSync(directory);
  clock.nowMs += 1_000;
  file.write('kept');
  file.write('kept too');
  expect(readLines(directory, 'app-')).toEqual(['kept', 'kept too']);
  expect(stderr.text().split('\n')).toEqual([
    expect.stringContaining('app-%DATE%.log cannot be written ('),
    expect.stringContaining('is written again; 5 records were dropped'),
    '',
  ]);
});

it('survives a full disk', async () => {
  const stderr = captureStderr();
  const folder = await temporaryFolder();
  const { file } = await harness({ pattern: 'full' }, '/dev');
  file.write('no room');
  expect(stderr.text()).toContain('ENOSPC');
  expect(readdirSync(folder)).toEqual([]);
});
