import { mkdirSync } from 'node:fs';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort, spawnServer, type ServerProcess } from './server-process.ts';

/** Redis on a free port, in memory only. */
export async function startRedis(folder: string): Promise<ServerProcess> {
  const dir = join(folder, 'redis');
  mkdirSync(dir, { recursive: true });
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', dir];
  const { stop } = await spawnServer({
    name: 'Redis',
    command: 'redis-server',
    args,
    isReady: () => answersPing(port),
  });
  return { environment: { CRMBET_TEST_REDIS_URL: `redis://127.0.0.1:${port}` }, stop };
}

async function answersPing(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.write('PING\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return answer.toString().startsWith('+PONG');
  } finally {
    socket.destroy();
  }
}
