import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A real server that runs for the tests, as a child of this process. */
export interface ServerProcess {
  /** Variables that tell the tests where it is. */
  environment: Record<string, string>;
  /** Ends it by its process ID; resolves when it is gone. */
  stop(): Promise<void>;
}

export interface SpawnServerOptions extends SpawnOptions {
  name: string;
  command: string;
  args: readonly string[];
  /** Resolves to true when the server answers; asked every 100 ms. */
  isReady: () => Promise<boolean>;
  /** Signal that makes it stop; default SIGTERM. */
  stopSignal?: NodeJS.Signals;
  startTimeoutSeconds?: number;
}

/** A TCP port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No TCP address');
  return address.port;
}

/**
 * Starts a server and waits until it answers.
 * @throws {Error} when it exits or stays silent, with the last lines that it printed
 */
export async function spawnServer(
  options: SpawnServerOptions,
): Promise<{ child: ChildProcess; stop: () => Promise<void> }> {
  const { name, command, args, isReady, stopSignal = 'SIGTERM', startTimeoutSeconds = 60, ...spawnOptions } = options;
  const child = spawn(command, args, { ...spawnOptions, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-4000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  child.on('error', (error) => keep(Buffer.from(error.message)));
  const stop = (): Promise<void> => stopChild(child, stopSignal);
  const deadline = Date.now() + startTimeoutSeconds * 1000;
  while (!(await isReady().catch(() => false))) {
    const over = child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
    if (over || Date.now() > deadline) {
      await stop();
      throw new Error(`${name} ${over ? 'ended' : `was not ready within ${startTimeoutSeconds} s`}:\n${output}`);
    }
    await sleep(100);
  }
  return { child, stop };
}

async function stopChild(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await exited;
  clearTimeout(timer);
}
