import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProcessReport } from '@crmbet/otel/sdk';
import { CliError } from '../errors.ts';
import { nodeOptions, preloadPath } from '../run/environment.ts';

/** Time that a command gets to end when it is asked to, milliseconds. */
const graceMs = 5000;

/** How a command went that was looked at. */
export interface Observation {
  /** One for each process in which the preload was. */
  reports: ProcessReport[];
  /** How it ended by itself; absent when it was ended. */
  exitCode?: number | null;
}

/**
 * Runs a command for at most `limitMs`, with the preload unless the command has it already, and collects what the
 * preload says of itself in each of its processes. Its output goes to standard error.
 * @throws {CliError} code `USAGE` when it cannot be started
 */
export async function observe(words: readonly string[], limitMs: number): Promise<Observation> {
  const folder = mkdtempSync(join(tmpdir(), 'crmbet-otel-doctor-'));
  try {
    const exitCode = await runFor(words, environmentOf(words, folder), limitMs);
    return { reports: readReports(folder), ...(exitCode === undefined ? {} : { exitCode }) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A command that preloads by itself is started as it is: what is loaded before would not be seen otherwise. */
function environmentOf(words: readonly string[], folder: string): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: existing } = process.env;
  const path = preloadPath();
  const preloads = [...words, existing ?? ''].some((word) => word.includes('@crmbet/otel') || word.includes(path));
  return {
    ...process.env,
    ...(preloads ? {} : { NODE_OPTIONS: nodeOptions(existing, path) }),
    CRMBET_OTEL_DIAGNOSIS: folder,
  };
}

/** The exit code when it ended by itself in time. */
async function runFor(
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
  limitMs: number,
): Promise<number | null | undefined> {
  const [name = '', ...args] = words;
  // A process group of its own, so that what it starts ends with it.
  const child = spawn(name, args, { stdio: ['ignore', 2, 2], env: environment, detached: true });
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => {
      reject(new CliError('USAGE', `cannot run ${name}: ${error.message}`, { cause: error }));
    });
    child.once('exit', (code) => resolve(code));
  });
  const stop = () => signalGroup(child, 'SIGTERM');
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const first = await within(exited, limitMs);
    if (first !== 'late') return first;
    stop();
    if ((await within(exited, graceMs)) === 'late') signalGroup(child, 'SIGKILL');
    await exited;
    return undefined;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    signalGroup(child, 'SIGKILL');
  }
}

async function within<T>(work: Promise<T>, limitMs: number): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // Nothing of it is left.
  }
}

function readReports(folder: string): ProcessReport[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as ProcessReport)
    .sort((a, b) => a.pid - b.pid);
}
