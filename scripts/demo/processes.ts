/** Child processes that end with the demo: in the order that loses nothing, or at once when it is killed. */
import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { DemoError } from './error.ts';

const endWithParent = new URL('end-with-parent.ts', import.meta.url).href;
const STOP_TIMEOUT_MS = 8000;
const KEPT_OUTPUT_CHARACTERS = 8000;
const LAST_LINES = 6;

export interface Child {
  readonly name: string;
  /** The end of what it wrote to standard output. */
  output(): string;
  /** What it wrote last, for a message: standard error if there is any, else standard output. */
  lastWords(): string;
  /** What it sends over its IPC channel. */
  onMessage(listener: (message: unknown) => void): void;
  /** Resolves when it has ended by itself or was stopped. */
  readonly ended: Promise<void>;
  /** SIGTERM, and after `graceMs` SIGKILL. */
  stop(graceMs: number): Promise<void>;
}

export interface StartOptions {
  /** Added to the inherited environment. */
  env?: Record<string, string>;
  /** Ending without an error is what it is meant to do. */
  endsByItself?: boolean;
}

export interface Children {
  /** Runs Node.js with `args` in the folder `cwd`. */
  start(name: string, args: string[], options?: StartOptions): Child;
  /** Rejects with {@link DemoError} `PROCESS_ENDED` as soon as a child has ended that should not have. */
  readonly crashed: Promise<never>;
  /** Stops all that run, last started first, so that what reports ends before what it reports to. */
  stopAll(): Promise<void>;
}

/** @param graceMs time between SIGTERM and SIGKILL */
export function createChildren(cwd: string, graceMs = STOP_TIMEOUT_MS): Children {
  const children: Child[] = [];
  let stopping = false;
  let fail: (error: DemoError) => void = () => undefined;
  const crashed = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  crashed.catch(() => undefined);
  const inherited = inheritedEnvironment();

  return {
    crashed,
    start(name, args, { env, endsByItself = false } = {}) {
      // A group of its own: Ctrl-C at the terminal reaches only the demo, which ends the rest in order.
      const child = spawn(process.execPath, ['--import', endWithParent, ...args], {
        cwd,
        env: { ...inherited, ...env },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        detached: true,
      });
      const killAtExit = () => killGroup(child);
      process.once('exit', killAtExit);
      child.once('close', () => process.off('exit', killAtExit));
      const started = watch(name, child);
      const noticeCrash = async () => {
        await started.ended;
        if (stopping || (endsByItself && child.exitCode === 0)) return;
        const how = child.exitCode === null ? `signal ${child.signalCode}` : `exit code ${child.exitCode}`;
        fail(new DemoError('PROCESS_ENDED', `${name} ended unexpectedly (${how}):\n${started.lastWords()}`));
      };
      void noticeCrash();
      children.unshift(started);
      return started;
    },
    async stopAll() {
      stopping = true;
      for (const child of children) await child.stop(graceMs);
    },
  };
}

function watch(name: string, child: ChildProcess): Child {
  const output = keepEnd(child.stdout);
  const errors = keepEnd(child.stderr);
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  return {
    name,
    output,
    lastWords: () => (errors() || output()).split('\n').slice(-LAST_LINES).join('\n'),
    onMessage: (listener) => void child.on('message', listener),
    ended,
    async stop(graceMs) {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => killGroup(child), graceMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Reads `stream` to its end, so that the child can write on, and returns what was last. */
function keepEnd(stream: Readable | null): () => string {
  let text = '';
  stream?.setEncoding('utf8').on('data', (more: string) => {
    text = (text + more).slice(-KEPT_OUTPUT_CHARACTERS);
  });
  return () => text.trim();
}

/** SIGKILL to what is left of the child and of those it started. */
function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // All of them have ended.
  }
}

/** The environment without what would change the telemetry that the demo shows. */
function inheritedEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:OTEL_|CRMBET_OTEL_|NODE_OPTIONS$)/.test(name)),
  );
}
