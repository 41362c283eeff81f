import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A server of the environment, reached through a port that can be cut off as if the server had gone away. */
export interface Outage {
  /** The server's address, through this port. */
  url: string;
  /** Ends all connections and refuses new ones. */
  begin(): Promise<void>;
  /** Accepts connections again. */
  end(): Promise<void>;
  close(): Promise<void>;
}

/** Forwards a free port of 127.0.0.1 to the server of `serverUrl`. */
export async function createOutage(serverUrl: string): Promise<Outage> {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const begin = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };

  const port = await listen(0);
  const url = new URL(serverUrl);
  url.port = String(port);
  return { url: String(url), begin, end: async () => void (await listen(port)), close: begin };
}
