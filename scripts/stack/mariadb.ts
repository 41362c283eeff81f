import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort, spawnServer, type ServerProcess } from './server-process.ts';

/** MariaDB on a free port with an empty database, for the clients of MySQL; without the tables of users and rights: anybody may do anything. */
export async function startMariadb(folder: string): Promise<ServerProcess> {
  const data = join(folder, 'mariadb');
  mkdirSync(join(data, 'test'), { recursive: true });
  const port = await freePort();
  const { stop } = await spawnServer({
    name: 'MariaDB',
    command: '/usr/sbin/mariadbd',
    args: [
      '--no-defaults',
      `--datadir=${data}`,
      ...(process.getuid?.() === 0 ? ['--user=root'] : []),
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${join(data, 'socket')}`,
      '--skip-grant-tables',
    ],
    isReady: () => greets(port),
  });
  return { environment: { CRMBET_TEST_MYSQL_URL: `mysql://root@127.0.0.1:${port}/test` }, stop };
}

/** The server speaks first: version 10 of the protocol. */
async function greets(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    const [greeting] = (await once(socket, 'data')) as [Buffer];
    return greeting[4] === 10;
  } finally {
    socket.destroy();
  }
}
