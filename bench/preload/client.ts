/**
 * The process that sends the requests, over sockets of its own: a client library would take more of the machine than
 * the application. Answers each order with what it measured.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface Order {
  readonly port: number;
  readonly requests: number;
  readonly connections: number;
  /** Requests a second, begun whether or not earlier ones were answered; without it each connection sends when it was answered. */
  readonly perSecond?: number;
}

export interface Answered {
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const rest = 'HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: keep-alive\r\n\r\n';

async function carryOut({ port, requests, connections, perSecond }: Order): Promise<Answered> {
  const idle = await Promise.all(Array.from({ length: connections }, () => open(port)));
  const sockets = [...idle];
  const latencies: number[] = [];
  const begun: number[] = [];
  const start = performance.now();
  await new Promise<void>((resolve, reject) => {
    let next = 0;
    /** When the next request begins; one of a pace that had to wait for a connection began before. */
    const nextStart = (): number | undefined => {
      if (perSecond !== undefined) return begun.shift();
      return (next += 1) <= requests ? performance.now() : undefined;
    };
    const advance = (): void => {
      while (idle.length > 0) {
        const startedMs = nextStart();
        const socket = startedMs === undefined ? undefined : idle.pop();
        if (socket === undefined || startedMs === undefined) return;
        exchange(socket, `GET /users/${latencies.length % 1000} ${rest}`, reject, () => {
          idle.push(socket);
          if (latencies.push(performance.now() - startedMs) === requests) resolve();
          else advance();
        });
      }
    };
    if (perSecond === undefined) advance();
    else pace(requests, perSecond, () => (begun.push(performance.now()), advance()));
  });
  const seconds = (performance.now() - start) / 1000;
  for (const socket of sockets) socket.destroy();
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.floor(share * (latencies.length - 1))] ?? 0;
  return { seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return socket.setEncoding('latin1');
}

/** Sends one request and waits for the whole answer, which has a Content-Length. */
function exchange(socket: Socket, request: string, failed: (error: Error) => void, done: () => void): void {
  let received = '';
  const onData = (text: string): void => {
    received += text;
    const headerEnd = received.indexOf('\r\n\r\n');
    if (headerEnd < 0) return;
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(received)?.[1]);
    if (!received.startsWith('HTTP/1.1 200 ') || Number.isNaN(length)) return failed(new Error(received));
    if (received.length < headerEnd + 4 + length) return;
    socket.off('data', onData);
    done();
  };
  socket.on('data', onData);
  socket.write(request);
}

/** Calls `begin` so many times at an even pace; what is due at once is begun at once. */
function pace(times: number, perSecond: number, begin: () => void): void {
  const start = performance.now();
  let done = 0;
  const tick = (): void => {
    const due = Math.min(times, Math.floor(((performance.now() - start) * perSecond) / 1000));
    for (; done < due; done += 1) begin();
    if (done < times) setTimeout(tick, 1);
  };
  tick();
}

process.on('message', (order: Order) => {
  carryOut(order).then(
    (answered) => process.send?.(answered),
    (error: Error) => {
      process.stderr.write(`${error.stack}\n`);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit());
