import { hostname } from 'node:os';
import { DEFAULT_LEVEL, LOG_LEVELS, parseLevel, type LogLevel } from './levels.ts';
import type { Identity } from './record.ts';
import { reportOnce } from './report.ts';

/** How the console is written: `auto` is `pretty` on a terminal and `json` (one record a line) elsewhere. */
export type ConsoleMode = 'auto' | 'pretty' | 'json';

/** What {@link createLogger} takes; each option has a default, a wrong value is named on stderr and the default used. */
export interface LoggerOptions {
  /** Field `service`. Default: `OTEL_SERVICE_NAME`, else `crmbet-backend`. */
  service?: string;
  /** Field `version`. Default: `APP_VERSION`, else `1.0.0`. */
  version?: string;
  /** Field `environment`. Default: `NODE_ENV`, else `development`. */
  environment?: string;
  /** Least severe level that is written. Default: `LOG_LEVEL`, else `info`. */
  level?: LogLevel;
  /** Folder of the log files, made when absent; `false` writes no files. Default: `logs`. */
  directory?: string | false;
  /** Default: `auto`; `false` writes nothing to the console. */
  console?: ConsoleMode | boolean;
  /** Size in bytes past which a file is rotated. Default: 104,857,600 (100 MiB). */
  maxFileSizeBytes?: number;
  /** Days after which a rotated file is removed. Default: 30. */
  retentionDays?: number;
  /** Whether uncaught exceptions and unhandled rejections are written (the process dies as it would anyway). Default: `true`. */
  handleExceptions?: boolean;
}

/** {@link LoggerOptions} with every default filled in. */
export interface ResolvedOptions {
  identity: Identity;
  level: LogLevel;
  directory: string | false;
  console: ConsoleMode | false;
  maxFileSizeBytes: number;
  retentionDays: number;
  handleExceptions: boolean;
}

const DEFAULT_SERVICE = 'crmbet-backend';
const DEFAULT_MAX_FILE_SIZE_BYTES = 100 * 1024 * 1024;
const DEFAULT_RETENTION_DAYS = 30;
const CONSOLE_MODES: readonly ConsoleMode[] = ['auto', 'pretty', 'json'];

/** Options over environment over defaults. Never throws: a wrong value is said once on stderr. */
export function resolveOptions(options: LoggerOptions, env: NodeJS.ProcessEnv): ResolvedOptions {
  return {
    identity: resolveIdentity(options, env),
    level: resolveLevel(options.level, env),
    directory: options.directory ?? 'logs',
    console: resolveConsole(options.console),
    maxFileSizeBytes: positive('maxFileSizeBytes', options.maxFileSizeBytes, DEFAULT_MAX_FILE_SIZE_BYTES),
    retentionDays: positive('retentionDays', options.retentionDays, DEFAULT_RETENTION_DAYS),
    handleExceptions: options.handleExceptions ?? true,
  };
}

/** Fields `service`, `version`, `environment`, `hostname` and `pid`. An empty variable counts as unset. */
export function resolveIdentity(
  options: Pick<LoggerOptions, 'service' | 'version' | 'environment'>,
  env: NodeJS.ProcessEnv,
): Identity {
  return {
    service: options.service ?? (env['OTEL_SERVICE_NAME'] || DEFAULT_SERVICE),
    version: options.version ?? (env['APP_VERSION'] || '1.0.0'),
    environment: options.environment ?? (env['NODE_ENV'] || 'development'),
    hostname: hostname(),
    pid: process.pid,
  };
}

/** `value` as a level, or `fallback` after one line that names `source`, the value, what is allowed and what is used. */
export function checkLevel(source: string, value: unknown, fallback: LogLevel): LogLevel {
  const level = parseLevel(value);
  if (level === undefined) {
    reportOnce(`${source}=${quote(value)} is not a level; allowed: ${LOG_LEVELS.join(', ')}; using ${fallback}`);
  }
  return level ?? fallback;
}

function resolveLevel(option: LogLevel | undefined, env: NodeJS.ProcessEnv): LogLevel {
  const fromEnv = env['LOG_LEVEL'];
  const envLevel = fromEnv === undefined || fromEnv === '' ? DEFAULT_LEVEL : undefined;
  if (option !== undefined) return checkLevel('option level', option, envLevel ?? parseLevel(fromEnv) ?? DEFAULT_LEVEL);
  return envLevel ?? checkLevel('LOG_LEVEL', fromEnv, DEFAULT_LEVEL);
}

function resolveConsole(option: LoggerOptions['console']): ConsoleMode | false {
  if (option === undefined || option === true) return 'auto';
  if (option === false || CONSOLE_MODES.includes(option)) return option;
  reportOnce(
    `option console=${quote(option)} is unknown; allowed: ${CONSOLE_MODES.join(', ')}, true, false; using auto`,
  );
  return 'auto';
}

function positive(name: string, value: number | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  if (Number.isFinite(value) && value > 0) return value;
  reportOnce(`option ${name}=${quote(value)} is not a positive number; using ${fallback}`);
  return fallback;
}

function quote(value: unknown): string {
  return JSON.stringify(String(value).slice(0, 60));
}
