/** An embedded PostgreSQL in a process of its own: it needs half a gigabyte and its queries must not block the caller. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { extname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { BackendError } from '../errors.ts';

const START_TIMEOUT_MS = 30_000;

export interface EmbeddedPostgres {
  /** Connection string for `pg` and every other PostgreSQL client. At most 8 connections; sessions share settings and prepared statement names. */
  url: string;
  /** Ends the process; its data is gone then. */
  close(): Promise<void>;
}

/**
 * Starts PGlite behind its socket server on a free port of 127.0.0.1. It ends when this process does, however that ends.
 * @throws {BackendError} `DATABASE_FAILED` when it is not up within 30 s
 */
export async function startEmbeddedPostgres(): Promise<EmbeddedPostgres> {
  // NODE_OPTIONS may preload telemetry; the database server is not the application.
  const { NODE_OPTIONS: _preload, ...env } = process.env;
  // `.mjs` beside this file when built, `.mts` when it runs from source.
  const script = join(__dirname, `embedded-postgres-process.m${extname(__filename).slice(1)}`);
  const child = spawn(process.execPath, [script], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit').then(() => undefined);
  try {
    const port = await readPort(child, exited);
    return {
      url: `postgres://postgres@127.0.0.1:${port}/postgres`,
      close: async () => {
        child.stdin?.end();
        await exited;
      },
    };
  } catch (error) {
    child.kill('SIGKILL');
    throw new BackendError('DATABASE_FAILED', 'The embedded PostgreSQL did not start', { cause: error });
  }
}

async function readPort(child: ChildProcess, exited: Promise<void>): Promise<number> {
  if (!child.stdout) throw new Error('no standard output');
  const lines = createInterface({ input: child.stdout });
  const line = once(lines, 'line', { signal: AbortSignal.timeout(START_TIMEOUT_MS) });
  const ended = exited.then(() => {
    throw new Error(`the process ended with ${child.exitCode ?? child.signalCode}`);
  });
  const [text] = (await Promise.race([line, ended])) as [string];
  ended.catch(() => undefined);
  return Number(text);
}
