import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { once } from 'node:events';
import { freePort, spawnServer, type ServerProcess } from './server-process.ts';

const debianRoot = '/usr/lib/postgresql';

/** Folder of the server's programs: Debian keeps them by major version outside PATH. */
function binFolder(): string {
  const newest = existsSync(debianRoot)
    ? readdirSync(debianRoot).toSorted((a, b) => Number(b) - Number(a))[0]
    : undefined;
  return newest === undefined ? '' : join(debianRoot, newest, 'bin');
}

/** PostgreSQL on a free port with an empty cluster below `folder`. It refuses to run as root, so root hands it to the user `postgres`. */
export async function startPostgres(folder: string): Promise<ServerProcess> {
  const data = join(folder, 'postgres');
  mkdirSync(data, { recursive: true });
  const asRoot = process.getuid?.() === 0;
  if (asRoot) {
    chmodSync(folder, 0o755);
    execFileSync('chown', ['postgres', data]);
  }
  const as = (program: string, args: string[]): [string, string[]] =>
    asRoot
      ? ['setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', join(binFolder(), program), ...args]]
      : [join(binFolder(), program), args];
  const port = await freePort();
  execFileSync(
    ...as('initdb', ['--pgdata', data, '--username', 'postgres', '--auth', 'trust', '--no-sync', '--encoding', 'UTF8']),
    { stdio: 'pipe', cwd: data },
  );
  const [command, args] = as('postgres', ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', '', '-F']);
  const { stop } = await spawnServer({
    name: 'PostgreSQL',
    command,
    args,
    cwd: data,
    stopSignal: 'SIGINT',
    isReady: () => acceptsQueries(port),
  });
  return { environment: { CRMBET_TEST_POSTGRES_URL: `postgres://postgres@127.0.0.1:${port}/postgres` }, stop };
}

/** Whether the server answers a start-up message with AuthenticationOk (it says FATAL while it still starts). */
async function acceptsQueries(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    const parameters = Buffer.from('user\0postgres\0database\0postgres\0\0');
    const head = Buffer.alloc(8);
    head.writeInt32BE(8 + parameters.length, 0);
    head.writeInt32BE(196_608, 4);
    socket.write(Buffer.concat([head, parameters]));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return answer.toString('latin1', 0, 1) === 'R';
  } finally {
    socket.destroy();
  }
}
