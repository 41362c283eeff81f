import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MetricsError } from './errors.ts';
import type { MetricsHandler } from './metrics-handler.ts';

/** Port of a Prometheus exporter in the OpenTelemetry specification. */
export const DEFAULT_METRICS_PORT = 9464;

export interface MetricsServerOptions {
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** Default 9464; 0 takes any free port. */
  readonly port?: number;
}

export interface MetricsServer {
  readonly host: string;
  /** The port that it listens on. */
  readonly port: number;
  /** Address of the page. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the metrics at `/metrics` on a port of their own. Neither the server nor a connection keeps the process alive.
 * @throws {MetricsError} `PORT_IN_USE`, or `LISTEN_FAILED` with the reason as `cause`
 */
export async function listenForScrapes(
  handler: MetricsHandler,
  { host = '127.0.0.1', port = DEFAULT_METRICS_PORT }: MetricsServerOptions = {},
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?', 1)[0];
    if (path === '/metrics') return handler(request, response);
    response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' });
    response.end('The metrics are at /metrics.\n');
  });
  server.on('connection', (socket) => socket.unref());
  server.unref();
  await listen(server, host, port);
  const address = server.address() as AddressInfo;
  const urlHost = host.includes(':') ? `[${host}]` : host;
  return {
    host,
    port: address.port,
    url: `http://${urlHost}:${address.port}/metrics`,
    close: () => close(server),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(listenError(cause, host, port)));
    // Exclusive: workers of a cluster would share the port, and each scrape would show another worker.
    const options = { host, port, exclusive: true };
    try {
      server.listen(options, () => {
        server.removeAllListeners('error');
        // An accept that fails later (no file descriptors) costs a scrape, not the process.
        server.on('error', () => undefined);
        resolve();
      });
    } catch (cause) {
      reject(listenError(cause as NodeJS.ErrnoException, host, port));
    }
  });
}

function listenError(cause: NodeJS.ErrnoException, host: string, port: number): MetricsError {
  const advice = 'Set OTEL_EXPORTER_PROMETHEUS_PORT to a free port (0 takes any).';
  if (cause.code === 'EADDRINUSE') {
    return new MetricsError('PORT_IN_USE', `Port ${port} on ${host} is in use, so /metrics is not served. ${advice}`, {
      cause,
    });
  }
  const message = `/metrics cannot be served on ${host} port ${port}: ${cause.message}. ${advice}`;
  return new MetricsError('LISTEN_FAILED', message, { cause });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
