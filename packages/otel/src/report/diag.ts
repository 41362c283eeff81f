import { diag, DiagLogLevel, type DiagLogger } from '@opentelemetry/api';
import { setGlobalErrorHandler } from '@opentelemetry/core';
import type { Settings } from '../config/read.ts';
import type { Reporter } from './reporter.ts';

const levels: Record<Settings['sdk']['logLevel'], DiagLogLevel> = {
  none: DiagLogLevel.NONE,
  error: DiagLogLevel.ERROR,
  warn: DiagLogLevel.WARN,
  info: DiagLogLevel.INFO,
  debug: DiagLogLevel.DEBUG,
  verbose: DiagLogLevel.VERBOSE,
  all: DiagLogLevel.ALL,
};

/**
 * Sends what the SDK has to say about itself to standard error, the same message at most once a minute; exporters
 * report their failures themselves, so the global error handler is for what remains.
 */
export function installDiagnostics(level: Settings['sdk']['logLevel'], reporter: Reporter): void {
  const write =
    (severity: string) =>
    (message: string, ...details: unknown[]) =>
      reporter.sayOnce(`${severity} ${message}`, [severity, message, ...details.map(describe)].join(' '));
  const logger: DiagLogger = {
    error: write('error'),
    warn: write('warn'),
    info: write('info'),
    debug: write('debug'),
    verbose: write('verbose'),
  };
  diag.setLogger(logger, { logLevel: levels[level], suppressOverrideMessage: true });
  setGlobalErrorHandler((error) => diag.error(describe(error)));
}

function describe(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (typeof value === 'string') return value;
  try {
    return (JSON.stringify(value) ?? String(value)).slice(0, 500);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
