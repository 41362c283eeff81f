import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { archiveFamily } from './archive.ts';
import { temporaryFolder } from './support.test.helper.ts';

const HOUR_MS = 3_600_000;

async function archive(files: Record<string, { ageMs: number }>): Promise<{ names: string[]; leftSome: boolean }> {
  const directory = await temporaryFolder();
  for (const [name, { ageMs }] of Object.entries(files)) {
    writeFileSync(join(directory, name), 'line\n');
    const time = new Date(Date.now() - ageMs);
    utimesSync(join(directory, name), time, time);
  }
  const family = { directory, pattern: 'app-%DATE%.log' };
  const currentPath = join(directory, 'app-2026-11-22.log');
  const leftSome = await archiveFamily(family, { currentPath, retentionDays: 30, quietMs: 5_000, nowMs: Date.now() });
  return { names: readdirSync(directory).sort(), leftSome };
}

it('leaves a file to which others may still write, and says so', async () => {
  const files = { 'app-2026-11-21.log': { ageMs: 1_000 }, 'app-2026-11-20.log': { ageMs: HOUR_MS } };
  expect(await archive(files)).toEqual({ names: ['app-2026-11-20.log.gz', 'app-2026-11-21.log'], leftSome: true });
});

it('leaves the file that is being written, however old its last line is', async () => {
  const files = { 'app-2026-11-22.log': { ageMs: 40 * 24 * HOUR_MS } };
  expect(await archive(files)).toEqual({ names: ['app-2026-11-22.log'], leftSome: false });
});

it('leaves a file that another process compresses, unless that one died', async () => {
  const live = { 'app-2026-11-20.log': { ageMs: HOUR_MS }, 'app-2026-11-20.log.gz.tmp': { ageMs: 1_000 } };
  expect((await archive(live)).names).toEqual(['app-2026-11-20.log', 'app-2026-11-20.log.gz.tmp']);
  const dead = { 'app-2026-11-20.log': { ageMs: HOUR_MS }, 'app-2026-11-20.log.gz.tmp': { ageMs: 2 * HOUR_MS } };
  expect((await archive(dead)).names).toEqual(['app-2026-11-20.log']);
});
