import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { CliError } from '../errors.ts';

/** How a command ended: one of the two is set. */
export interface CommandEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
}

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a command on this process's own input and output, and passes signals on to it.
 * @throws {CliError} code `COMMAND_NOT_FOUND` or `COMMAND_NOT_EXECUTABLE`
 */
export async function runCommand(words: readonly string[], environment: NodeJS.ProcessEnv): Promise<CommandEnd> {
  const [name = '', ...args] = words;
  const child = spawn(name, args, { stdio: 'inherit', env: environment });
  const stopForwarding = forwardSignals(child);
  try {
    return await new Promise<CommandEnd>((resolve, reject) => {
      child.once('error', (error: NodeJS.ErrnoException) => reject(notStarted(name, error)));
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
  } finally {
    stopForwarding();
  }
}

function forwardSignals(child: ChildProcess): () => void {
  // Ctrl-C in a terminal reaches the command without us; sent twice it would count as "stop at once".
  const hasTerminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
  const listeners = forwarded.map((signal) => {
    const listener = () => {
      if (signal !== 'SIGINT' || !hasTerminal) child.kill(signal);
    };
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  return () => listeners.forEach((remove) => remove());
}

function notStarted(name: string, error: NodeJS.ErrnoException): CliError {
  if (error.code === 'ENOENT') {
    return new CliError('COMMAND_NOT_FOUND', `command not found: ${name}`, { cause: error });
  }
  return new CliError('COMMAND_NOT_EXECUTABLE', `cannot run ${name}: ${error.message}`, { cause: error });
}

/** Ends this process as the command ended: the same exit code, or by the same signal. */
export function endAs({ code, signal }: CommandEnd): void {
  process.exitCode = signal === null ? (code ?? 1) : 128 + constants.signals[signal];
  if (signal !== null) process.kill(process.pid, signal);
}
