import type { Reporter } from '../report/reporter.ts';
import { noteFinding } from './notes.ts';

const failed = new Set<string>();

/** Notes that an instrumentation (name in the table) could not be made. */
export function noteFailure(instrumentation: string, error: Error, say: Reporter['say']): void {
  failed.add(instrumentation);
  const finding = {
    code: 'NOT_INSTRUMENTABLE',
    severity: 'error',
    what: `${instrumentation} cannot be instrumented (${error.message.replace(/\s+/g, ' ').slice(0, 300)})`,
    advice: 'the application runs without its spans; reinstall the dependencies, and report it if that does not help',
  } as const;
  noteFinding(finding, say);
}

/** Whether {@link noteFailure} was told of it. */
export function hasFailed(instrumentation: string): boolean {
  return failed.has(instrumentation);
}
