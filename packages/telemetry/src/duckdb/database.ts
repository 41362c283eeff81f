import { existsSync } from 'node:fs';
import { mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { TelemetryError } from '../errors.ts';
import { isDamaged, isLocked, isNewerStorage, isWalDamaged, lockedError, messageOf } from './failures.ts';
import { type StoreSettings } from './options.ts';
import { prepareSchema } from './schema.ts';

const VECTOR_ROWS = 2048;
const MAX_ROW_GROUP_VECTORS = 12;
const GIB = 1024 ** 3;

/**
 * Rows of a row group, the unit in which DuckDB frees space and rewrites at a checkpoint. A fifth of its default costs half
 * the CPU and a tenth of the longest checkpoint (measured); under a small size limit a group must stay a small part of it.
 */
function rowGroupRows(maxSizeBytes: number): number {
  const vectors = Math.round((maxSizeBytes / (2 * GIB)) * MAX_ROW_GROUP_VECTORS);
  return VECTOR_ROWS * Math.min(MAX_ROW_GROUP_VECTORS, Math.max(1, vectors));
}
const MAGIC_OFFSET = 8;

/** DuckDB's lock keeps other processes out but not a second instance in this one, which would destroy the file. */
const openPaths = new Set<string>();

/** The attached file: its instance and the way to more connections. */
export interface Database {
  connect(): Promise<DuckDBConnection>;
  /** Detaches the file, so that its lock is released, and ends the instance. */
  close(): Promise<void>;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

async function attach(settings: StoreSettings): Promise<Database> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${Math.floor(settings.memoryLimitBytes / 1024)}KiB`,
    threads: '2',
    temp_directory: `${settings.path}.tmp`,
    preserve_insertion_order: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    // Checkpoints are the writer's own step, after the acknowledgement and never inside a commit.
    checkpoint_threshold: '1TB',
  });
  const owner = await instance.connect();
  const close = async () => {
    await owner.run('DETACH DATABASE IF EXISTS store').catch(() => undefined);
    owner.closeSync();
    instance.closeSync();
    await rm(`${settings.path}.tmp`, { recursive: true, force: true });
  };
  try {
    // ATTACH takes no parameters; the path is the one value that is quoted.
    const mode = settings.readOnly ? 'READ_ONLY' : `ROW_GROUP_SIZE ${rowGroupRows(settings.maxSizeBytes)}`;
    await owner.run(`ATTACH ${quoted(settings.path)} AS store (${mode})`);
    await prepareSchema(owner, settings.path, settings.readOnly);
    return { connect: () => instance.connect(), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Refuses what is no DuckDB file before DuckDB touches it; an empty file (a creation that was killed) is removed. */
async function checkFile({ path, readOnly }: StoreSettings): Promise<void> {
  if (!existsSync(path)) {
    if (readOnly)
      throw new TelemetryError(
        'STORE_UNUSABLE',
        `There is no telemetry store at ${path}. Start crmbet-otel up, or choose another path.`,
      );
    return;
  }
  const { size, isFile } = await stat(path).then((found) => ({ size: found.size, isFile: found.isFile() }));
  if (!isFile)
    throw new TelemetryError('STORE_UNUSABLE', `${path} is not a file. The store needs the path of a file of its own.`);
  if (size === 0 && !readOnly) return rm(path);
  const head = Buffer.alloc(MAGIC_OFFSET + 4);
  const file = await open(path, 'r');
  try {
    await file.read(head, 0, head.length, 0);
  } finally {
    await file.close();
  }
  if (head.toString('latin1', MAGIC_OFFSET) !== 'DUCK') {
    throw new TelemetryError(
      'STORE_UNUSABLE',
      `${path} is not a telemetry store (no DuckDB file). Choose another path; it was not changed.`,
    );
  }
}

/** Moves what is damaged aside, never deletes it. Only the write-ahead log goes when only that is damaged. */
async function moveAside(settings: StoreSettings, error: unknown): Promise<void> {
  const suffix = `.damaged-${new Date(settings.clock()).toISOString().replaceAll(/[:.]/g, '-')}`;
  const wal = `${settings.path}.wal`;
  const moved = isWalDamaged(error) ? [wal] : [settings.path, wal].filter((path) => existsSync(path));
  for (const path of moved) await rename(path, path + suffix);
  settings.report(
    `crmbet-otel: the telemetry store was damaged and moved aside (${moved.map((path) => path + suffix).join(', ')}); ` +
      `${isWalDamaged(error) ? 'the last records before it are missing' : 'a new one was started'}. Cause: ${messageOf(error)}`,
  );
}

async function attachOrRepair(settings: StoreSettings): Promise<Database> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await attach(settings);
    } catch (error) {
      if (error instanceof TelemetryError) throw error;
      if (isLocked(error)) throw lockedError(settings.path, error);
      const repairable =
        attempt < 2 && !settings.readOnly && !isNewerStorage(error) && (isWalDamaged(error) || isDamaged(error));
      if (!repairable) {
        throw new TelemetryError(
          'STORE_UNUSABLE',
          `The telemetry store ${settings.path} cannot be opened: ${messageOf(error)}`,
          { cause: error },
        );
      }
      await moveAside(settings, error);
    }
  }
}

async function prepareFolder(path: string): Promise<string> {
  try {
    await mkdir(dirname(path), { recursive: true });
    return join(await realpath(dirname(path)), basename(path));
  } catch (error) {
    throw new TelemetryError(
      'STORE_UNUSABLE',
      `The folder of the telemetry store ${path} cannot be used: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

/**
 * Opens the file with its schema up to date; a damaged one is moved aside and a new one started.
 * @throws {TelemetryError} code `STORE_UNUSABLE`: foreign, newer, or held by another process (named) or by this one
 */
export async function openDatabase(settings: StoreSettings): Promise<Database> {
  const key = await prepareFolder(settings.path);
  if (openPaths.has(key)) {
    throw new TelemetryError(
      'STORE_UNUSABLE',
      `The telemetry store ${settings.path} is already open in this process (${process.pid}).`,
    );
  }
  openPaths.add(key);
  try {
    await checkFile(settings);
    const database = await attachOrRepair(settings);
    return {
      connect: database.connect,
      close: async () => {
        await database.close();
        openPaths.delete(key);
      },
    };
  } catch (error) {
    openPaths.delete(key);
    throw error;
  }
}
