import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { cleanUpAfterTest } from './clean-up.ts';
import { fixtureEnvironment } from './fixture-environment.ts';

export interface FixtureOptions {
  /** Script to run; leave out when `args` say it all (`['-e', 'code']`). */
  file?: string;
  /** Arguments after the script. */
  args?: string[];
  /** Arguments of Node.js itself, before the script: `['--require', '@crmbet/otel']`. */
  nodeArgs?: string[];
  /** Added to the test's environment less `NODE_OPTIONS`, `OTEL_*` and `VITEST*`; `undefined` removes a variable. */
  env?: Record<string, string | undefined>;
  cwd?: string;
  /** Path of another Node.js; default: the one that runs the test. */
  program?: string | undefined;
  /** Written to standard input, which is then closed. Without it, standard input is closed at once. */
  stdin?: string;
  /** Ready when whole lines of standard output or error match; the first group, if it is a number, becomes `port`. Default: ready when started. */
  readyPattern?: RegExp;
  /** Time to become ready, or without `readyPattern` to end (else it is killed); default 20,000 ms. */
  timeoutMs?: number;
}

export interface FixtureExit {
  /** `null` when a signal ended it. */
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A running (or ended) child Node.js process. */
export interface Fixture {
  readonly pid: number;
  /** Number in the first group of `readyPattern`; 0 when there is none. */
  readonly port: number;
  /** All output so far. */
  readonly stdout: string;
  readonly stderr: string;
  /** Resolves when the process has ended and all its output is here. Never rejects. */
  readonly exited: Promise<FixtureExit>;
  kill(signal?: NodeJS.Signals): void;
  /** SIGTERM, after 5 s SIGKILL; resolves when it has ended. */
  stop(): Promise<FixtureExit>;
}

/** Time that SIGTERM gets before SIGKILL, milliseconds. */
const graceMs = 5000;

/**
 * Runs a child Node.js process. It is stopped, with the children it has left, when the test ends;
 * one started in `beforeAll` is to be stopped in `afterAll`.
 * @throws {Error} when it ends or time is up before it is ready; the message has its output
 */
export async function runFixture(options: FixtureOptions): Promise<Fixture> {
  const {
    file,
    args = [],
    nodeArgs = [],
    env,
    cwd,
    program = process.execPath,
    stdin = '',
    readyPattern,
    timeoutMs = 20_000,
  } = options;
  const command = [...nodeArgs, ...(file === undefined ? [] : [file]), ...args];
  // A process group of its own, so that what it started can be killed with it.
  const child = spawn(program, command, { cwd, env: fixtureEnvironment(env), detached: true });
  const output = collect(child);
  const exited = new Promise<FixtureExit>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
    child.on('error', () => resolve({ code: null, signal: null }));
  });
  const stop = () => stopGroup(child, exited);
  cleanUpAfterTest(
    async () => void (await stop()),
    () => killGroup(child),
  );
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  const port = await ready(child, { command, output, exited, readyPattern, timeoutMs });
  return {
    pid: child.pid ?? 0,
    port,
    get stdout() {
      return output.stdout;
    },
    get stderr() {
      return output.stderr;
    },
    exited,
    kill: (signal = 'SIGTERM') => void child.kill(signal),
    stop,
  };
}

interface Output {
  stdout: string;
  stderr: string;
}

function collect(child: ChildProcessWithoutNullStreams): Output {
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  return output;
}

interface Readiness {
  command: string[];
  output: Output;
  exited: Promise<FixtureExit>;
  readyPattern: RegExp | undefined;
  timeoutMs: number;
}

/** Resolves with the port when the process is ready. */
async function ready(child: ChildProcessWithoutNullStreams, how: Readiness): Promise<number> {
  const { command, output, exited, readyPattern, timeoutMs } = how;
  const timer = { id: undefined as NodeJS.Timeout | undefined };
  void exited.then(() => clearTimeout(timer.id));
  if (child.pid === undefined) throw new Error(`Could not start ${command.join(' ')}`);
  if (!readyPattern) {
    timer.id = setTimeout(() => killGroup(child), timeoutMs);
    return 0;
  }
  return new Promise((resolve, reject) => {
    const fail = (what: string) => {
      killGroup(child);
      reject(new Error(`${what}: node ${command.join(' ')}\nstdout:\n${output.stdout}\nstderr:\n${output.stderr}`));
    };
    const check = () => {
      const match = readyPattern.exec(wholeLines(output.stdout)) ?? readyPattern.exec(wholeLines(output.stderr));
      if (!match) return;
      clearTimeout(timer.id);
      resolve(Number(match[1]) || 0);
    };
    timer.id = setTimeout(() => fail(`No output matched ${String(readyPattern)} within ${timeoutMs} ms`), timeoutMs);
    child.stdout.on('data', check);
    child.stderr.on('data', check);
    void exited.then(({ code, signal }) => fail(`Ended (${signal ?? `exit ${code}`}) before it was ready`));
  });
}

/** Without a last line that is still being written: half a port is another port. */
function wholeLines(text: string): string {
  return text.slice(0, text.lastIndexOf('\n') + 1);
}

async function stopGroup(child: ChildProcessWithoutNullStreams, exited: Promise<FixtureExit>): Promise<FixtureExit> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => killGroup(child), graceMs);
  const exit = await exited;
  clearTimeout(timer);
  killGroup(child);
  return exit;
}

/** SIGKILL to the process and those it started that have not left its group. */
function killGroup(child: ChildProcessWithoutNullStreams): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nothing of the group is left.
  }
}
