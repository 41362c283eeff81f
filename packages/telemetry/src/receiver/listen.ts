import type { Server } from 'node:net';
import { TelemetryError } from '../errors.ts';

/** Where a receiver listens, and what its messages call it. */
export interface ListenAddress {
  host: string;
  /** 0 picks a free port. */
  port: number;
  /** What listens there, for messages. */
  what: string;
  /** What the user sets to choose another port, for messages. */
  setting: string;
}

/**
 * Starts listening and resolves to the port.
 * @throws {TelemetryError} code `PORT_IN_USE`, or `LISTEN_FAILED` when the address is not this machine's or not allowed
 */
export async function listen(server: Server, address: ListenAddress): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => reject(listenError(error, address));
    server.once('error', onError);
    server.listen({ host: address.host, port: address.port }, () => {
      server.removeListener('error', onError);
      resolve();
    });
  });
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : address.port;
}

function listenError(cause: NodeJS.ErrnoException, { host, port, what, setting }: ListenAddress): TelemetryError {
  if (cause.code === 'EADDRINUSE') {
    const message = `Port ${port} on ${host} is in use, so the ${what} cannot listen there: stop what holds it, or set ${setting} to another port (0 picks a free one)`;
    return new TelemetryError('PORT_IN_USE', message, { cause });
  }
  const message = `The ${what} cannot listen on ${host} port ${port} (${cause.code ?? cause.message}): set ${setting} or the host`;
  return new TelemetryError('LISTEN_FAILED', message, { cause });
}
