/** What the tests of this package share. */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { onTestFinished, vi } from 'vitest';

/** A record as it stands in a file. */
export type Line = Record<string, unknown>;

/** A new folder that is removed after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'crmbet-logger-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The lines of every file in `folder` whose name begins with `prefix`, compressed ones too, in the order of their generations. */
export function readLines(folder: string, prefix: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith(prefix) && !name.endsWith('.tmp'))
    .sort((a, b) => generation(a).localeCompare(generation(b), 'en', { numeric: true }))
    .flatMap((name) => {
      const bytes = readFileSync(join(folder, name));
      return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').split('\n').slice(0, -1);
    });
}

function generation(name: string): string {
  return name.replace(/\.gz$/, '');
}

/** {@link readLines}, parsed. */
export function readRecords(folder: string, prefix = 'application-'): Line[] {
  return readLines(folder, prefix).map((line) => JSON.parse(line) as Line);
}

/** Collects what is written to stderr until the test ends. */
export function captureStderr(): { text(): string } {
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  onTestFinished(() => spy.mockRestore());
  return { text: () => spy.mock.calls.map(([chunk]) => String(chunk)).join('') };
}
