import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';

/** A bare TCP connection, to send what no HTTP client would. */
export interface RawSocket {
  socket: Socket;
  /** Resolves to all that was received once it matches. @throws {Error} when the connection ends before, or after 10 s */
  until(pattern: RegExp): Promise<string>;
  /** Resolves to all that was received when the other side has closed. */
  closed(): Promise<string>;
}

export async function rawSocket(port: number): Promise<RawSocket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  let received = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    received += chunk;
    socket.emit('received');
  });
  // A reset is one of the ways in which the other side closes.
  socket.on('error', () => undefined);
  const closing = once(socket, 'close').then(() => received);
  return { socket, until, closed: () => closing };

  async function until(pattern: RegExp): Promise<string> {
    const signal = AbortSignal.timeout(10_000);
    while (!pattern.test(received)) {
      if (socket.closed) throw new Error(`Closed after ${JSON.stringify(received)}`);
      await Promise.race([once(socket, 'received', { signal }), closing]);
    }
    return received;
  }
}
