import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort, spawnServer, type ServerProcess } from './server-process.ts';

/** Debian's start script behind /usr/sbin/rabbitmq-server, which would change to the user `rabbitmq` and its folders. */
const command = '/usr/lib/rabbitmq/bin/rabbitmq-server';

/** RabbitMQ on a free port with everything it writes below `folder`, and an Erlang port mapper of its own. */
export async function startRabbitmq(folder: string): Promise<ServerProcess> {
  const home = join(folder, 'rabbitmq');
  mkdirSync(home, { recursive: true });
  const [port, distribution, mapper] = [await freePort(), await freePort(), await freePort()];
  writeFileSync(join(home, 'enabled_plugins'), '[].\n');
  const env = {
    ...process.env,
    HOME: home,
    RABBITMQ_NODENAME: `crmbet${port}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(distribution),
    RABBITMQ_MNESIA_BASE: join(home, 'mnesia'),
    RABBITMQ_LOG_BASE: join(home, 'log'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(home, 'enabled_plugins'),
    RABBITMQ_CONFIG_FILE: join(home, 'none'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    ERL_EPMD_PORT: String(mapper),
    ERL_EPMD_ADDRESS: '127.0.0.1',
  };
  const { stop } = await spawnServer({
    name: 'RabbitMQ',
    command,
    args: [],
    env,
    cwd: home,
    isReady: () => speaksAmqp(port),
  });
  return {
    environment: { CRMBET_TEST_AMQP_URL: `amqp://guest:guest@127.0.0.1:${port}` },
    async stop() {
      await stop();
      // The port mapper is a daemon of its own; it is told through its own port, once its last node is gone.
      execFileSync('epmd', ['-kill'], { env, stdio: 'pipe' });
    },
  };
}

async function speaksAmqp(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.write(Buffer.from('AMQP\0\0\u0009\u0001', 'latin1'));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return answer[0] === 1;
  } finally {
    socket.destroy();
  }
}
