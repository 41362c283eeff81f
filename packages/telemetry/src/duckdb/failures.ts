import { TelemetryError } from '../errors.ts';

/** DuckDB reports through its message text only; every pattern that the store relies on stands here. */
const DISK_FULL = /No space left on device|File too large|Disk quota exceeded/i;
const INVALIDATED = /has been invalidated|Detach and reattach/i;
const LOCKED = /Could not set lock on file/i;
const LOCK_HOLDER = /held in (.+?) \(PID (\d+)\)/i;
const NEWER_STORAGE = /version number|newer version of DuckDB/i;
const WAL_DAMAGED = /replaying WAL|Corrupt WAL/i;
const DAMAGED =
  /Corrupt database file|Could not read enough bytes|checksum|Failed to load metadata|Serialization Error/i;
const INTERRUPTED = /INTERRUPT|Interrupted/;
const OUT_OF_MEMORY = /Out of Memory/i;

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What the operating system said, without what DuckDB says around it. */
export function causeOf(error: unknown): string {
  const [line = ''] = messageOf(error).split('\n', 1);
  return line.replace(/^.*Original error: /, '');
}

/** The disk, a quota or the process's file size limit refused bytes. */
export const isDiskFull = (error: unknown): boolean => DISK_FULL.test(messageOf(error));
/** DuckDB refuses all further work on the file until it is opened again. */
export const isInvalidated = (error: unknown): boolean => INVALIDATED.test(messageOf(error));
export const isLocked = (error: unknown): boolean => LOCKED.test(messageOf(error));
export const isNewerStorage = (error: unknown): boolean => NEWER_STORAGE.test(messageOf(error));
export const isWalDamaged = (error: unknown): boolean => WAL_DAMAGED.test(messageOf(error));
export const isDamaged = (error: unknown): boolean => DAMAGED.test(messageOf(error));

/** The sentence for a file that another process holds. */
export function lockedError(path: string, error: unknown): TelemetryError {
  const holder = LOCK_HOLDER.exec(messageOf(error));
  const who = holder === null ? 'another process' : `process ${holder[2]} (${holder[1]})`;
  return new TelemetryError(
    'STORE_UNUSABLE',
    `The telemetry store ${path} is in use by ${who}. Ask that process's query API, stop it, or choose another path.`,
    { cause: error },
  );
}

/** What a failed query means to its caller. */
export function queryError(path: string, error: unknown, timeoutMs: number): TelemetryError {
  if (error instanceof TelemetryError) return error;
  const message = messageOf(error);
  if (INTERRUPTED.test(message)) {
    return new TelemetryError(
      'QUERY_TIMEOUT',
      `The query was ended: it may take at most ${timeoutMs} ms (1000 ms while old records are being deleted). Narrow its time range or filters.`,
      { cause: error },
    );
  }
  if (OUT_OF_MEMORY.test(message)) {
    return new TelemetryError(
      'QUERY_TIMEOUT',
      'The query needs more memory than the store may use. Narrow its time range or filters.',
      { cause: error },
    );
  }
  return new TelemetryError('STORE_UNUSABLE', `The telemetry store ${path} cannot be read: ${message}`, {
    cause: error,
  });
}
