import { once } from 'node:events';
import { connect } from 'node:net';
import { freePort, spawnServer, type ServerProcess } from './server-process.ts';

/** memcached on a free port. It refuses to run as root, so root hands it to `nobody`. */
export async function startMemcached(): Promise<ServerProcess> {
  const port = await freePort();
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const { stop } = await spawnServer({
    name: 'memcached',
    command: 'memcached',
    args: ['-p', String(port), '-U', '0', '-l', '127.0.0.1', ...user],
    isReady: () => answersVersion(port),
  });
  return { environment: { CRMBET_TEST_MEMCACHED: `127.0.0.1:${port}` }, stop };
}

async function answersVersion(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.write('version\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return answer.toString().startsWith('VERSION');
  } finally {
    socket.destroy();
  }
}
