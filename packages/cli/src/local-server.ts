import { CliError } from './errors.ts';
import { isTelemetryError } from './failure.ts';
import { withoutUndefined } from './options/query-options.ts';
import { portOptions, type ServerOptions } from './options/server-options.ts';
import { writeNotice } from './output.ts';
import { findWebRoot } from './web-root.ts';

export interface LocalServer {
  /** Address of the UI and the query API. */
  url: string;
  /** Address of the OTLP/HTTP receiver. */
  otlpHttpUrl: string;
  httpPort: number;
  grpcPort: number;
  uiPort: number;
  close(): Promise<void>;
}

/**
 * Starts receiver, store and UI in this process.
 * @throws {CliError} code `PORT_IN_USE`, with the option that sets the port
 */
export async function startLocalServer(options: ServerOptions): Promise<LocalServer> {
  const { startLocal } = await import('@crmbet/telemetry');
  const webRoot = findWebRoot();
  if (webRoot === undefined) writeNotice('the UI was not built: only the query API is served.');
  const { host, httpPort, grpcPort, uiPort, token } = options;
  try {
    const local = await startLocal({
      host,
      httpPort,
      grpcPort,
      uiPort,
      path: options.data,
      retention: { maxAgeHours: options.retention / 3_600_000, maxSizeBytes: options.maxSize },
      ...withoutUndefined({ webRoot, token }),
    });
    return { ...local, otlpHttpUrl: addressOf(host, local.httpPort), close: () => local.close() };
  } catch (error) {
    throw isTelemetryError(error) && error.code === 'PORT_IN_USE' ? portInUse(error, options) : error;
  }
}

/** An address that this machine can connect to. */
export function addressOf(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

function portInUse(error: Error, options: ServerOptions): Error {
  const port = portOf(error);
  const name = (['httpPort', 'grpcPort', 'uiPort'] as const).find((key) => options[key] === port);
  if (port === undefined || name === undefined) return error;
  const { flag, variable } = portOptions[name];
  return new CliError(
    'PORT_IN_USE',
    `port ${port} of ${options.host} is in use (another \`crmbet-otel up\`, or a collector?): choose another with ${flag} or ${variable}.`,
    { cause: error },
  );
}

/** The `port` of the system error that is the cause. */
function portOf(error: Error): number | undefined {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if ('port' in cause && typeof cause.port === 'number') return cause.port;
  }
  return undefined;
}
