import { diag, DiagLogLevel, type DiagLogger } from '@opentelemetry/api';
import { setGlobalErrorHandler } from '@opentelemetry/core';
import type { Settings } from '../config/read.ts';
import { findingOfApiMessage } from '../diagnosis/api-messages.ts';
import type { Finding } from '../diagnosis/finding.ts';
import { noteFinding, notedFindings } from '../diagnosis/notes.ts';
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
  const writeError = write('error');
  const logger: DiagLogger = {
    error: (message, ...details: unknown[]) => {
      const finding = findingOfApiMessage(message);
      if (finding === undefined) writeError(message, ...details);
      else if (!isOurOwn(finding)) noteFinding(finding, reporter.say);
    },
    warn: write('warn'),
    info: write('info'),
    debug: write('debug'),
    verbose: write('verbose'),
  };
  diag.setLogger(logger, { logLevel: levels[level], suppressOverrideMessage: true });
  setGlobalErrorHandler((error) => diag.error(describe(error)));
}

/** Our own registration of what somebody else had registered first, as was said. */
function isOurOwn({ code }: Finding): boolean {
  return code === 'OTHER_SDK_LATER' && notedFindings().some((noted) => noted.code === 'OTHER_SDK_FIRST');
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
