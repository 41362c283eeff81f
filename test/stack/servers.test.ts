import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { expect, it } from 'vitest';

/** The variables that stack tests read; a missing one is a failure here, by name, before any other test fails for it. */
it.each(['CRMBET_TEST_POSTGRES_URL', 'CRMBET_TEST_REDIS_URL', 'CRMBET_TEST_AMQP_URL'])(
  '%s is the address of a server that accepts connections',
  async (variable) => {
    const url = new URL(process.env[variable] ?? '');
    const socket: Socket = connect(Number(url.port), url.hostname);
    await once(socket, 'connect');
    socket.destroy();
    expect(url.hostname).toBe('127.0.0.1');
  },
);

it.each(['CRMBET_TEST_PROMETHEUS', 'CRMBET_TEST_PROMTOOL', 'CRMBET_TEST_CHROMIUM'])(
  '%s is the path of a program',
  (variable) => {
    expect(process.env[variable]).toMatch(/^\//);
  },
);
