import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface ChildOptions {
  readonly file: string;
  readonly folder?: string;
  readonly nodeArguments?: readonly string[];
  readonly environment?: Record<string, string>;
}

/** A child process of Node.js that answers one message with one message. */
export interface Child {
  /** Waits for a message that the child sends of its own accord. */
  next<T>(): Promise<T>;
  ask<T>(question: unknown): Promise<T>;
  kill(): Promise<void>;
}

const ANSWER_WITHIN_MS = 120_000;

/** Starts a child with an environment of its own: nothing of ours reaches what is measured. Killed with this process. */
export function startChild({
  file,
  folder = import.meta.dirname,
  nodeArguments = [],
  environment = {},
}: ChildOptions): Child {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [...nodeArguments, file], {
    cwd: folder,
    env: { PATH, HOME, NODE_ENV: 'production', ...environment },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4000);
  });
  const killNow = (): void => void child.kill('SIGKILL');
  process.once('exit', killNow);
  const next = <T>(): Promise<T> => answer<T>(child, file, () => said);
  return {
    next,
    ask<T>(question: unknown): Promise<T> {
      const result = next<T>();
      child.send(question as object);
      return result;
    },
    async kill() {
      process.off('exit', killNow);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      killNow();
      await ended;
    },
  };
}

async function answer<T>(child: ChildProcess, file: string, said: () => string): Promise<T> {
  const abort = new AbortController();
  const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
  const ended = once(child, 'exit', { signal }).then(() => {
    throw new Error(`${file} ended: ${said()}`);
  });
  try {
    const [message] = (await Promise.race([once(child, 'message', { signal }), ended])) as [T];
    return message;
  } catch (cause) {
    throw new Error(`${file} did not answer: ${said()}`, { cause });
  } finally {
    ended.catch(() => undefined);
    abort.abort();
  }
}
