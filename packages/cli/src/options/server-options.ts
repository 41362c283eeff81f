import { Option, type Command } from 'commander';
import { defaultDataFile } from '../data-file.ts';
import { atLeast, parseBytes, parseDurationMs, parsePort } from './parsers.ts';

/** Where `up` (and `run`, when nothing is up) listens and stores. */
export interface ServerOptions {
  host: string;
  httpPort: number;
  grpcPort: number;
  uiPort: number;
  data: string;
  token?: string;
  /** Milliseconds. */
  retention: number;
  /** Bytes. */
  maxSize: number;
}

/** Ports with the option that sets each, for error messages. */
export const portOptions = {
  httpPort: { flag: '--http-port', variable: 'CRMBET_OTEL_HTTP_PORT', port: 4318 },
  grpcPort: { flag: '--grpc-port', variable: 'CRMBET_OTEL_GRPC_PORT', port: 4317 },
  uiPort: { flag: '--ui-port', variable: 'CRMBET_OTEL_UI_PORT', port: 4319 },
} as const;

export const defaultHost = '127.0.0.1';

/** The token of the query API, for those who serve it and those who ask. */
export function tokenOption(why: string): Option {
  return new Option('--token <token>', `of the UI and the query API; ${why}`).env('CRMBET_OTEL_TOKEN');
}

export function addServerOptions(command: Command): Command {
  const port = (name: keyof typeof portOptions, what: string) =>
    new Option(`${portOptions[name].flag} <port>`, `port of ${what}; 0 takes any free one`)
      .env(portOptions[name].variable)
      .argParser(parsePort)
      .default(portOptions[name].port);
  return command
    .addOption(new Option('--host <address>', 'address to listen on').env('CRMBET_OTEL_HOST').default(defaultHost))
    .addOption(tokenOption('needed to read where --host is not an address of this machine alone'))
    .addOption(port('httpPort', 'OTLP/HTTP'))
    .addOption(port('grpcPort', 'OTLP/gRPC'))
    .addOption(port('uiPort', 'the UI and the query API'))
    .addOption(
      new Option('--data <file>', 'file that keeps the telemetry').env('CRMBET_OTEL_DATA').default(defaultDataFile()),
    )
    .addOption(
      new Option('--retention <duration>', 'older telemetry is deleted')
        .env('CRMBET_OTEL_RETENTION')
        .argParser(atLeast('1m', parseDurationMs))
        .default(parseDurationMs('3d'), '3d'),
    )
    .addOption(
      new Option('--max-size <size>', 'past this size of the file the oldest telemetry is deleted')
        .env('CRMBET_OTEL_MAX_SIZE')
        .argParser(atLeast('20MB', parseBytes))
        .default(parseBytes('2GB'), '2GB'),
    );
}
