import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitOptions {
  /** Default 10,000 ms. */
  timeoutMs?: number;
  /** Pause between two tries; default 20 ms. */
  intervalMs?: number;
  /** What was waited for; a function is called when time is up, to say what was there instead. */
  message?: string | (() => string);
}

type Falsy = undefined | null | false | 0 | '' | 0n;

/**
 * Calls `check` until it returns something truthy, and returns that.
 * @throws {Error} when time is up; its cause is what `check` threw last, if it did
 */
export async function waitUntil<T>(
  check: () => T | Promise<T>,
  { timeoutMs = 10_000, intervalMs = 20, message = 'the condition' }: WaitOptions = {},
): Promise<Exclude<T, Falsy>> {
  const deadline = performance.now() + timeoutMs;
  let cause: unknown;
  for (;;) {
    try {
      cause = undefined;
      const result = await check();
      if (result) return result as Exclude<T, Falsy>;
    } catch (error) {
      cause = error;
    }
    if (performance.now() >= deadline) break;
    await sleep(intervalMs);
  }
  const what = typeof message === 'function' ? message() : message;
  throw new Error(`Waited ${timeoutMs} ms in vain for ${what}`, { cause });
}
