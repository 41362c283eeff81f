import { existsSync } from 'node:fs';
import type { TelemetryBackend } from '@crmbet/telemetry';
import { defaultDataFile } from './data-file.ts';
import { CliError } from './errors.ts';
import { parseUrl } from './options/parsers.ts';
import { defaultUrl, urlVariable, withoutUndefined, type SourceOptions } from './options/query-options.ts';
import { writeNotice } from './output.ts';

/** Time that a server gets to say that it is one, milliseconds. */
const probeTimeoutMs = 1000;

/** Runs `ask` on the engine that the options name and closes that afterwards. */
export async function withBackend<T>(
  options: SourceOptions,
  ask: (backend: TelemetryBackend) => Promise<T>,
): Promise<T> {
  const backend = await openBackend(options);
  try {
    return await ask(backend);
  } finally {
    await backend.close();
  }
}

/** `--url`, else `--data`, else CRMBET_OTEL_URL, else the running `up`, else the data file of `up`. */
async function openBackend({ url, data, token }: SourceOptions): Promise<TelemetryBackend> {
  if (url !== undefined) return openServer(url, token);
  if (data !== undefined) return openFile(data);
  const named = process.env[urlVariable];
  if (named) return openServer(urlOf(named), token);
  const running = defaultUrl();
  if (await probeServer(running, token)) return openServer(running, token);
  const file = process.env['CRMBET_OTEL_DATA'] ?? defaultDataFile();
  if (!existsSync(file)) {
    throw new CliError(
      'NO_DATA',
      `nothing runs at ${running} and there is no data file ${file}: start \`crmbet-otel up\`, or name another with --url or --data.`,
    );
  }
  writeNotice(`nothing runs at ${running}: reading ${file}`);
  return openFile(file);
}

function urlOf(text: string): string {
  try {
    return parseUrl(text);
  } catch (error) {
    throw new CliError('USAGE', `${urlVariable} is "${text}". ${error instanceof Error ? error.message : ''}`, {
      cause: error,
    });
  }
}

async function openServer(url: string, token: string | undefined): Promise<TelemetryBackend> {
  const { createHttpBackend } = await import('@crmbet/telemetry');
  return createHttpBackend(url, withoutUndefined({ token }));
}

async function openFile(file: string): Promise<TelemetryBackend> {
  if (!existsSync(file)) throw new CliError('NO_DATA', `there is no data file ${file}.`);
  const { openDuckDbStore } = await import('@crmbet/telemetry');
  return openDuckDbStore({ path: file, readOnly: true });
}

/** What `/api/v1/status` says of a server, as far as this package needs it. */
export interface ServerStatus {
  endpoints: { http: string; grpc: string; ui: string };
}

/** The status of the server at `url`; `undefined` when none of ours answers there. */
export async function probeServer(url: string, token: string | undefined): Promise<ServerStatus | undefined> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  try {
    const response = await fetch(`${url}/api/v1/status`, { headers, signal: AbortSignal.timeout(probeTimeoutMs) });
    const status = (await response.json()) as Partial<ServerStatus>;
    return status.endpoints === undefined ? undefined : { endpoints: status.endpoints };
  } catch {
    return undefined;
  }
}
