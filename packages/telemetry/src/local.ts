import { readFileSync } from 'node:fs';
import { createAccess } from './api/access.ts';
import { startQueryApi } from './api/server.ts';
import { openDuckDbStore } from './duckdb/open.ts';
import { type DuckDbStoreOptions } from './duckdb/options.ts';
import { type Receiver } from './receiver/receiver.ts';
import { startGrpcReceiver } from './receiver/grpc-receiver.ts';
import { startHttpReceiver } from './receiver/http-receiver.ts';

export interface LocalOptions extends Omit<DuckDbStoreOptions, 'readOnly'> {
  /** Address to listen on; default `127.0.0.1`. */
  host?: string;
  /** OTLP/HTTP; default 4318, 0 picks a free port. */
  httpPort?: number;
  /** OTLP/gRPC; default 4317, 0 picks a free port. */
  grpcPort?: number;
  /** UI and query API; default 4319, 0 picks a free port. */
  uiPort?: number;
  /** Folder of the built UI; without it only the query API is served. */
  webRoot?: string;
  /** Bearer token of the query API; needed when `host` is not a loopback address. */
  token?: string;
}

export interface Local {
  httpPort: number;
  grpcPort: number;
  uiPort: number;
  /** Of the UI and the query API. */
  url: string;
  /** Stops receiving, commits what was taken, and closes the file. */
  close(): Promise<void>;
}

interface Closable {
  close(): Promise<unknown>;
}

function version(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}

/** An address that this machine can open. */
function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/** Latest first; everything is closed, and then the first failure thrown. */
async function closeAll(started: readonly Closable[]): Promise<void> {
  const failures: unknown[] = [];
  for (const one of started.toReversed()) await one.close().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

async function start(options: LocalOptions, started: Closable[]): Promise<Omit<Local, 'close'>> {
  const { host = '127.0.0.1', httpPort = 4318, grpcPort = 4317, uiPort = 4319, webRoot, token } = options;
  const report = options.report ?? ((line: string) => void process.stderr.write(`${line}\n`));
  const keep = <T extends Closable>(one: T): T => {
    started.push(one);
    return one;
  };
  createAccess(host, token); // refuses a bad combination before anything starts
  const store = keep(await openDuckDbStore({ ...options, report }));
  const receivers: { http?: Receiver; grpc?: Receiver } = {};
  const bound = { ui: 0 };
  const endpoints = () => ({
    http: urlOf(host, receivers.http?.port ?? httpPort),
    grpc: urlOf(host, receivers.grpc?.port ?? grpcPort),
    ui: urlOf(host, bound.ui),
  });
  const facts = {
    receiver: () => ({ http: receivers.http?.counts(), grpc: receivers.grpc?.counts() }),
    endpoints,
    version: version(),
  };
  const api = keep(await startQueryApi({ host, port: uiPort, backend: store, facts, webRoot, token, report }));
  bound.ui = api.port;
  // Receivers last: what they acknowledge is stored, and closing stops them first.
  receivers.http = keep(await startHttpReceiver({ host, port: httpPort, writer: store }));
  receivers.grpc = keep(await startGrpcReceiver({ host, port: grpcPort, writer: store }));
  return { httpPort: receivers.http.port, grpcPort: receivers.grpc.port, uiPort: api.port, url: urlOf(host, api.port) };
}

/**
 * Starts the OTLP receivers, the store, the query API and the UI in this process.
 * @throws {TelemetryError} code `PORT_IN_USE` (names the port and what to set), `LISTEN_FAILED` or `STORE_UNUSABLE`; what was started is closed again
 */
export async function startLocal(options: LocalOptions): Promise<Local> {
  const started: Closable[] = [];
  try {
    const addresses = await start(options, started);
    let closing: Promise<void> | undefined;
    return { ...addresses, close: () => (closing ??= closeAll(started)) };
  } catch (error) {
    await closeAll(started).catch(() => undefined); // the failure that led here is the one to tell
    throw error;
  }
}
