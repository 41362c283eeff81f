import { Option, type Command } from 'commander';
import { defaultHost, portOptions, tokenOption } from './server-options.ts';
import { collectPairs, parseTimeMs, parseUrl, wholeNumber } from './parsers.ts';

/** What every command that asks can be told. */
export interface SourceOptions {
  /** Address of a running `up`; default: the one on this machine, if it runs. */
  url?: string;
  /** Data file to read without a server. */
  data?: string;
  token?: string;
  json?: boolean;
}

export interface RangeOptions {
  /** Milliseconds since the epoch. */
  since?: number;
  until?: number;
}

/** Names the server to ask where there is neither `--url` nor `--data`. */
export const urlVariable = 'CRMBET_OTEL_URL';

export function addSourceOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--url <address>', `server to ask (env: ${urlVariable}; default: the running \`up\`)`)
        .argParser(parseUrl)
        .conflicts('data'),
    )
    .option('--data <file>', 'data file to read instead, when no server has it open')
    .addOption(tokenOption('needed when the server was started with one'))
    .option('--json', 'print one JSON document');
}

export function addRangeOptions(command: Command): Command {
  return command
    .addOption(new Option('--since <time>', 'from: how long ago (15m, 2h) or a date and time').argParser(parseTimeMs))
    .addOption(new Option('--until <time>', 'to: how long ago or a date and time').argParser(parseTimeMs));
}

/** @param most the most that the query API returns */
export function limitOption(most: number, normally: number): Option {
  return new Option('--limit <number>', `at most so many (1 to ${most})`)
    .argParser(wholeNumber(1, most))
    .default(normally);
}

/** A `key=value` option that can be given several times; all must match. */
export function pairOption(flags: string, description: string): Option {
  return new Option(flags, `${description}; repeatable, all must match`).argParser(collectPairs);
}

/** Query fields of a time range. */
export function rangeOf({ since, until }: RangeOptions): { startMs?: number; endMs?: number } {
  return withoutUndefined({ startMs: since, endMs: until });
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Leaves out what is not set, so that queries carry no `undefined`. */
export function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Defined<T>;
}

/** Where `up` is looked for: the same variables that move it. An address to listen everywhere is asked on this machine. */
export function defaultUrl(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const host = environment['CRMBET_OTEL_HOST'] ?? defaultHost;
  const { variable, port } = portOptions.uiPort;
  const everywhere = host === '0.0.0.0' || host === '::';
  const name = everywhere ? defaultHost : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${environment[variable] ?? port}`;
}
