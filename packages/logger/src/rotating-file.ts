import { closeSync, fstatSync, mkdirSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { archiveFamily } from './archive.ts';
import { countDrop } from './drops.ts';
import { currentGeneration, localDay, type FileFamily } from './file-family.ts';
import { describeFailure, report } from './report.ts';

/** What a {@link RotatingFile} is made with. */
export interface RotatingFileOptions extends FileFamily {
  maxSizeBytes: number;
  retentionDays: number;
  /** How long a rotated file must be left alone before it is compressed; default 5,000 ms. */
  quietMs?: number;
  /** Milliseconds since the Unix epoch; default `Date.now`. */
  now?: () => number;
}

interface OpenFile {
  descriptor: number;
  path: string;
  inode: number;
  sizeBytes: number;
  /** Whether the last write stopped in the middle of a line. */
  torn: boolean;
}

const DEFAULT_QUIET_MS = 5_000;
/** How often the file is looked at: whether it was removed, and what other processes added to it. */
const CHECK_INTERVAL_MS = 1_000;
/** How long a file that failed is left alone. */
const RETRY_INTERVAL_MS = 200;
const NEWLINE = '\n';

/**
 * A log file that is rotated by local day and by size, its older generations compressed and in the end removed.
 *
 * Lines are appended synchronously: a line that was written is with the operating system, so `process.exit()`, a signal
 * or an uncaught exception in the next statement loses nothing. (winston-daily-rotate-file writes through a stream, which
 * loses what is queued at exit and ends the process on an I/O error.) Several processes may share the folder.
 */
export class RotatingFile {
  readonly #options: Required<RotatingFileOptions>;
  #file: OpenFile | undefined;
  #dayEndsAtMs = 0;
  #nextCheckMs = 0;
  #archiveTimer: NodeJS.Timeout | undefined;
  #archiving: Promise<void> | undefined;
  #lost = 0;
  #lastCode = '';
  #retryAtMs = 0;
  #closed = false;

  constructor(options: RotatingFileOptions) {
    this.#options = { quietMs: DEFAULT_QUIET_MS, now: Date.now, ...options };
  }

  /** Folder and pattern of its files. */
  get name(): string {
    return join(this.#options.directory, this.#options.pattern);
  }

  /** Appends a line. Never throws: a line that cannot be written is counted, and said once until writing works again. */
  write(line: string): void {
    if (this.#closed) {
      countDrop('file', 'closed');
      return;
    }
    const nowMs = this.#options.now();
    if (this.#lost > 0 && nowMs < this.#retryAtMs) {
      this.#lost += 1;
      countDrop('file', this.#lastCode);
      return;
    }
    try {
      this.#append(line, nowMs);
      if (this.#lost > 0) this.#sayRecovered();
    } catch (error) {
      this.#drop(error, nowMs);
    }
  }

  /** Closes the file and waits for a compression that is under way. Never rejects. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#archiveTimer);
    this.#release();
    await this.#archiving;
  }

  #append(line: string, nowMs: number): void {
    if (nowMs >= this.#nextCheckMs) this.#check(nowMs);
    let file = this.#file;
    if (file === undefined || nowMs >= this.#dayEndsAtMs || file.sizeBytes >= this.#options.maxSizeBytes) {
      file = this.#open(nowMs);
    }
    appendTo(file, file.torn ? `${NEWLINE}${line}${NEWLINE}` : `${line}${NEWLINE}`);
  }

  /** Lets go of a file that was removed or replaced under us, and learns what others wrote. */
  #check(nowMs: number): void {
    this.#nextCheckMs = nowMs + CHECK_INTERVAL_MS;
    if (this.#file === undefined) return;
    const found = statSync(this.#file.path, { throwIfNoEntry: false });
    if (found?.ino === this.#file.inode) this.#file.sizeBytes = found.size;
    else this.#release();
  }

  #open(nowMs: number): OpenFile {
    this.#release();
    const { day, endsAtMs } = localDay(nowMs);
    mkdirSync(this.#options.directory, { recursive: true });
    const path = currentGeneration(this.#options, day, this.#options.maxSizeBytes);
    const descriptor = openSync(path, 'a');
    const { ino, size } = fstatSync(descriptor);
    this.#file = { descriptor, path, inode: ino, sizeBytes: size, torn: false };
    this.#dayEndsAtMs = endsAtMs;
    this.#planArchive();
    return this.#file;
  }

  #release(): void {
    if (this.#file === undefined) return;
    const { descriptor } = this.#file;
    this.#file = undefined;
    closeSync(descriptor);
  }

  #planArchive(): void {
    if (this.#archiveTimer !== undefined) return;
    this.#archiveTimer = setTimeout(() => {
      this.#archiveTimer = undefined;
      this.#archiving = this.#archive();
    }, this.#options.quietMs);
    this.#archiveTimer.unref();
  }

  async #archive(): Promise<void> {
    await this.#archiving;
    const { quietMs, retentionDays } = this.#options;
    const currentPath = this.#file?.path ?? '';
    try {
      const leftSome = await archiveFamily(this.#options, { currentPath, retentionDays, quietMs, nowMs: Date.now() });
      if (leftSome && !this.#closed) this.#planArchive();
    } catch (error) {
      report(`${this.#options.directory}: old log files were not tidied up: ${describeFailure(error)}`);
    }
  }

  #drop(error: unknown, nowMs: number): void {
    this.#lastCode = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    this.#retryAtMs = nowMs + RETRY_INTERVAL_MS;
    countDrop('file', this.#lastCode);
    if (this.#lost === 0) {
      report(`${this.name} cannot be written (${describeFailure(error)}); its records are dropped until it can`);
    }
    this.#lost += 1;
    // A file that is full goes on where it stopped; any other begins anew, since its folder may be back.
    if (this.#file?.torn !== true) this.#releaseQuietly();
  }

  #releaseQuietly(): void {
    try {
      this.#release();
    } catch {
      // The descriptor is gone, which is what was wanted.
    }
  }

  #sayRecovered(): void {
    report(`${this.name} is written again; ${this.#lost} records were dropped`);
    this.#lost = 0;
  }
}

/** @throws the file system's error, after noting whether a part of the text was written */
function appendTo(file: OpenFile, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  let offset = 0;
  try {
    while (offset < bytes.length) {
      const written = writeSync(file.descriptor, bytes, offset);
      offset += written;
      file.sizeBytes += written;
    }
    file.torn = false;
  } catch (error) {
    file.torn ||= offset > 0;
    throw error;
  }
}
