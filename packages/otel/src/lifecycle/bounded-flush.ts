/** Longest that the end of a process is delayed for telemetry, milliseconds. */
export const EXIT_FLUSH_MS = 2000;

/**
 * Waits for `work`, at most `limitMs`. Unlike everything else here the wait keeps the process alive, since the sockets
 * of the exporters do not. Never rejects.
 */
export function within(work: Promise<unknown>, limitMs: number = EXIT_FLUSH_MS): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, limitMs);
    void Promise.allSettled([work]).finally(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
