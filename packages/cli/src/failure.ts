import { CommanderError } from 'commander';
import { CliError } from './errors.ts';
import { writeNotice } from './output.ts';

/** Codes of `TelemetryError` that are mistakes in the command line. Its class is not imported: that would load the store. */
const usageCodes = new Set(['INVALID_QUERY']);

/** Says what went wrong, once and in one line, and returns the exit code: 2 for wrong usage, else 1 (or the error's own). */
export function reportFailure(error: unknown): number {
  // Commander has printed its message, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof CliError) {
    writeNotice(error.message);
    return error.exitCode;
  }
  if (isTelemetryError(error)) {
    writeNotice(error.message);
    return usageCodes.has(error.code) ? 2 : 1;
  }
  if (isSystemError(error)) {
    writeNotice(error.message);
    return 1;
  }
  writeNotice(`unexpected failure, please report it: ${error instanceof Error ? error.stack : String(error)}`);
  return 1;
}

export function isTelemetryError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && error.name === 'TelemetryError' && 'code' in error;
}

/** Of the operating system (no permission, no such host): its message says what, and a stack would add nothing for a user. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}
