import type { IncomingMessage } from 'node:http';

/** Ports of our own servers. */
const ignored = new Set<number>();

/** Requests to this port of our own make no telemetry. */
export function ignoreServerPort(port: number): void {
  ignored.add(port);
}

/** Whether a request came to a port of our own. */
export function isOwnServer(request: IncomingMessage): boolean {
  return ignored.size > 0 && request.socket.localPort !== undefined && ignored.has(request.socket.localPort);
}
