import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Usage {
  cpuSeconds: number;
  peakRssBytes: number;
}

export interface UpProcess {
  httpPort: number;
  /** Of the query API. */
  url: string;
  /** What the receiving process was bound to, for the report. */
  pinned: string;
  usage(): Promise<Usage>;
  close(): Promise<void>;
}

/** Starts the receiving process, on one core where `taskset` can see to it, with a store of its own. */
export async function startUp(): Promise<UpProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'crmbet-bench-'));
  const canPin = spawnSync('taskset', ['-c', '0', 'true']).status === 0;
  const script = [join(import.meta.dirname, 'up.ts'), join(folder, 'telemetry.duckdb')];
  const command = canPin ? ['taskset', '-c', '0', process.execPath, ...script] : [process.execPath, ...script];
  const [file = '', ...args] = command;
  const child = spawn(file, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const { httpPort, url } = await message<{ httpPort: number; url: string }>(child);
  return {
    httpPort,
    url,
    pinned: canPin ? 'one core (taskset)' : 'all cores (no taskset here)',
    usage: () => {
      child.send('usage');
      return message<Usage>(child);
    },
    close: async () => {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function message<T>(child: ChildProcess): Promise<T> {
  const abort = new AbortController();
  const ended = once(child, 'exit', { signal: abort.signal }).then(() =>
    Promise.reject(new Error('The receiving process ended')),
  );
  try {
    const [first] = (await Promise.race([once(child, 'message'), ended])) as [T];
    return first;
  } finally {
    ended.catch(() => undefined);
    abort.abort();
  }
}
