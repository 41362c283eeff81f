/**
 * Uncaught exceptions and unhandled rejections, written without touching what the process does about them: the monitor
 * event comes before Node's own handling, and an application's handlers, exit codes and messages stay as they are.
 */

/** What happened. */
export interface Crash {
  thrown: unknown;
  /** As Node.js names it: `uncaughtException` or `unhandledRejection`. */
  origin: NodeJS.UncaughtExceptionOrigin;
  /** Whether nobody asked for `target` before: loggers that share a file or route tell a crash there once. */
  firstOf(target: string): boolean;
}

export type CrashListener = (crash: Crash) => void;

const listeners = new Set<CrashListener>();

/** Calls `listener` before the process dies of an uncaught exception; the result takes it away again. */
export function onCrash(listener: CrashListener): () => void {
  if (listeners.size === 0) process.on('uncaughtExceptionMonitor', tellAll);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) process.removeListener('uncaughtExceptionMonitor', tellAll);
  };
}

function tellAll(thrown: unknown, origin: NodeJS.UncaughtExceptionOrigin): void {
  const told = new Set<string>();
  const firstOf = (target: string): boolean => !told.has(target) && told.add(target).has(target);
  for (const listener of listeners) listener({ thrown, origin, firstOf });
}
