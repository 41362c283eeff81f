import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

interface Part {
  debianPackage: string;
  isThere: () => boolean;
}

const parts: Part[] = [
  {
    debianPackage: 'postgresql',
    isThere: () => existsSync('/usr/lib/postgresql') && readdirSync('/usr/lib/postgresql').length > 0,
  },
  { debianPackage: 'redis-server', isThere: () => findProgram('redis-server') !== undefined },
  { debianPackage: 'rabbitmq-server', isThere: () => existsSync('/usr/lib/rabbitmq/bin/rabbitmq-server') },
  {
    debianPackage: 'prometheus',
    isThere: () => findProgram('prometheus') !== undefined && findProgram('promtool') !== undefined,
  },
  { debianPackage: 'mariadb-server-core', isThere: () => existsSync('/usr/sbin/mariadbd') },
  { debianPackage: 'memcached', isThere: () => findProgram('memcached') !== undefined },
  { debianPackage: 'chromium', isThere: () => findProgram('chromium') !== undefined },
];

/** Full path of `name` on PATH, or `undefined`. */
export function findProgram(name: string): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // not in this folder
    }
  }
  return undefined;
}

/**
 * Installs the real servers that are missing, from Debian's packages; nothing when all are there.
 * @throws {Error} with the missing packages when this is no Debian or the user may not install
 */
export function installServers(): void {
  const missing = parts.filter((part) => !part.isThere()).map((part) => part.debianPackage);
  if (missing.length === 0) return;
  if (findProgram('apt-get') === undefined || process.getuid?.() !== 0) {
    throw new Error(
      `These servers are missing: ${missing.join(', ')}. Install them, or run this once as root on Debian 12 or newer.`,
    );
  }
  process.stderr.write(`stack: installing ${missing.join(', ')} …\n`);
  withoutStartingServices(() => {
    apt(['update', '-qq']);
    apt(['install', '-y', '-qq', '--no-install-recommends', ...missing]);
  });
}

function apt(args: string[]): void {
  const result = spawnSync('apt-get', args, {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    encoding: 'utf8',
  });
  if (result.status !== 0) throw new Error(`apt-get ${args.join(' ')} failed:\n${result.stdout}${result.stderr}`);
}

/** Debian starts what it installs; the tests run their own processes on ports of their own, so the policy says no meanwhile. */
function withoutStartingServices(install: () => void): void {
  const policy = '/usr/sbin/policy-rc.d';
  const ours = !existsSync(policy);
  if (ours) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    install();
  } finally {
    if (ours) rmSync(policy, { force: true });
  }
}
