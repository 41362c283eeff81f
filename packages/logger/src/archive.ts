import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { listGenerations, type FileFamily, type Generation } from './file-family.ts';

const DAY_MS = 86_400_000;
/** A temporary file of this age was left behind by a process that died. */
const STALE_TEMPORARY_MS = 3_600_000;

/** What {@link archiveFamily} needs to know. */
export interface ArchiveOptions {
  /** The file that is being written, which stays as it is. */
  currentPath: string;
  retentionDays: number;
  /** Other processes may still write to a file that changed less than this many milliseconds ago. */
  quietMs: number;
  /** Milliseconds since the Unix epoch. */
  nowMs: number;
}

/**
 * Removes the generations that are past their retention (by their last change) and compresses the others, one after the
 * other. Several processes may do this in the same folder at the same time.
 * @returns whether a file was left as it is because it changed a moment ago
 * @throws the file system's error
 */
export async function archiveFamily(family: FileFamily, options: ArchiveOptions): Promise<boolean> {
  let leftSome = false;
  for (const generation of listGenerations(family)) {
    if (generation.path === options.currentPath) continue;
    const ageMs = await ageOf(generation, options.nowMs);
    if (ageMs === undefined) continue;
    if (ageMs > options.retentionDays * DAY_MS) await rm(generation.path, { force: true });
    else if (generation.compressed) continue;
    else if (ageMs < options.quietMs) leftSome = true;
    else await compress(generation.path, options.nowMs);
  }
  return leftSome;
}

async function ageOf(generation: Generation, nowMs: number): Promise<number | undefined> {
  try {
    return nowMs - (await stat(generation.path)).mtimeMs;
  } catch (error) {
    // Another process was faster.
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** The complete `.gz` takes its name in one step, and only then the original goes: a crash in between loses nothing. */
async function compress(path: string, nowMs: number): Promise<void> {
  const temporary = `${path}.gz.tmp`;
  try {
    const source = createReadStream(path);
    await pipeline(source, createGzip(), createWriteStream(temporary, { flags: 'wx' }));
    if ((await stat(path)).size === source.bytesRead) {
      await rename(temporary, `${path}.gz`);
      await rm(path, { force: true });
    } else {
      await rm(temporary, { force: true });
    }
  } catch (error) {
    if (hasCode(error, 'EEXIST')) await removeStale(temporary, nowMs);
    else if (!hasCode(error, 'ENOENT')) throw error;
  }
}

/** `temporary` is another process's, unless that one died. */
async function removeStale(temporary: string, nowMs: number): Promise<void> {
  try {
    if (nowMs - (await stat(temporary)).mtimeMs > STALE_TEMPORARY_MS) await rm(temporary, { force: true });
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}

/** Whether `error` is a system error with this code. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
