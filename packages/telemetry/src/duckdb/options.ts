import { resolve } from 'node:path';
import { TelemetryError } from '../errors.ts';

/** What is kept; everything older, or the oldest when the file gets too big, is deleted and counted. */
export interface RetentionOptions {
  /** Hours since a record's own time; default 72. */
  maxAgeHours?: number;
  /** Bytes of the database file and its write-ahead log; default 2 GiB, at least 16 MiB. */
  maxSizeBytes?: number;
}

/** Bounds of what waits for the next commit. Past either, `write` refuses with `STORE_OVERLOADED`. */
export interface WriteQueueOptions {
  /** Default 20,000 records. */
  maxRecords?: number;
  /** Default 32 MiB of record text. */
  maxBytes?: number;
  /** Longest wait for company before a commit, milliseconds; default 50. */
  commitIntervalMs?: number;
  /** As many waiting records start a commit at once; default 2,000. */
  commitRecords?: number;
}

export interface DuckDbStoreOptions {
  /** The database file; its folder is created. */
  path: string;
  /** Opens an existing file for queries only; default false. */
  readOnly?: boolean;
  retention?: RetentionOptions;
  queue?: WriteQueueOptions;
  /** Memory for DuckDB's buffers, bytes; default 64 MiB. The process uses about 250 MB on top. */
  memoryLimitBytes?: number;
  /** Room that stays free on the disk, bytes; with less, writing stops before the disk is full. Default 64 MiB. */
  diskReserveBytes?: number;
  /** A query that takes longer is ended with `QUERY_TIMEOUT`, milliseconds; default 10,000. */
  queryTimeoutMs?: number;
  /** How often retention runs and a full disk is looked at again, milliseconds; default 15,000. */
  maintenanceIntervalMs?: number;
  /** Milliseconds since the Unix epoch; default `Date.now`. */
  clock?: () => number;
  /** Takes one line for the user (stderr) when the store stops or resumes writing or moves a damaged file aside. */
  report?: (line: string) => void;
}

export interface StoreSettings {
  path: string;
  readOnly: boolean;
  maxAgeHours: number;
  maxSizeBytes: number;
  maxQueuedRecords: number;
  maxQueuedBytes: number;
  commitIntervalMs: number;
  commitRecords: number;
  memoryLimitBytes: number;
  diskReserveBytes: number;
  queryTimeoutMs: number;
  maintenanceIntervalMs: number;
  clock: () => number;
  report: (line: string) => void;
}

const MIB = 1024 * 1024;
const MIN_SIZE_BYTES = 16 * MIB;

function atLeast(name: string, value: number | undefined, fallback: number, minimum: number): number {
  const used = value ?? fallback;
  if (!Number.isFinite(used) || used < minimum) {
    throw new TelemetryError(
      'STORE_UNUSABLE',
      `Invalid store option ${name}=${used}: a number of at least ${minimum} is allowed.`,
    );
  }
  return used;
}

/**
 * Options with every default filled in.
 * @throws {TelemetryError} code `STORE_UNUSABLE` for a value that is not allowed
 */
export function resolveSettings(options: DuckDbStoreOptions): StoreSettings {
  if (options.path === '') throw new TelemetryError('STORE_UNUSABLE', 'The store needs the path of its database file.');
  const { retention = {}, queue = {} } = options;
  return {
    path: resolve(options.path),
    readOnly: options.readOnly ?? false,
    maxAgeHours: atLeast('retention.maxAgeHours', retention.maxAgeHours, 72, 0.001),
    maxSizeBytes: atLeast('retention.maxSizeBytes', retention.maxSizeBytes, 2048 * MIB, MIN_SIZE_BYTES),
    maxQueuedRecords: atLeast('queue.maxRecords', queue.maxRecords, 20_000, 1),
    maxQueuedBytes: atLeast('queue.maxBytes', queue.maxBytes, 32 * MIB, 1),
    commitIntervalMs: atLeast('queue.commitIntervalMs', queue.commitIntervalMs, 50, 0),
    commitRecords: atLeast('queue.commitRecords', queue.commitRecords, 2000, 1),
    memoryLimitBytes: atLeast('memoryLimitBytes', options.memoryLimitBytes, 64 * MIB, 32 * MIB),
    diskReserveBytes: atLeast('diskReserveBytes', options.diskReserveBytes, 64 * MIB, 0),
    queryTimeoutMs: atLeast('queryTimeoutMs', options.queryTimeoutMs, 10_000, 1),
    maintenanceIntervalMs: atLeast('maintenanceIntervalMs', options.maintenanceIntervalMs, 15_000, 1),
    clock: options.clock ?? Date.now,
    report: options.report ?? (() => undefined),
  };
}
