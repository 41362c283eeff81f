/**
 * The logger's own diagnostics: one line each on stderr, never stdout, never through the logger itself.
 */
import { writeLine } from './standard-stream.ts';

const MAX_REMEMBERED_LINES = 100;
const saidAlready = new Set<string>();

/** Writes one line to stderr, where there is one. */
export function report(line: string): void {
  writeLine(process.stderr, `[crmbet-logger] ${line}`, () => undefined);
}

/** {@link report}, but a line is said once a process; past 100 different lines nothing more is said. */
export function reportOnce(line: string): void {
  if (saidAlready.has(line) || saidAlready.size >= MAX_REMEMBERED_LINES) return;
  saidAlready.add(line);
  report(line);
}

/** What an unknown thrown value says, in one line, whatever it is. */
export function describeFailure(error: unknown): string {
  try {
    const text = error instanceof Error ? error.message : String(error);
    return text.replaceAll(/\s+/g, ' ').slice(0, 300);
  } catch {
    return 'an error that cannot be read';
  }
}
