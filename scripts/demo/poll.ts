import { setTimeout as wait } from 'node:timers/promises';

const INTERVAL_MS = 50;

/** The first result of `attempt` that is not `undefined`; `undefined` when time is up. An attempt that throws counts as not yet. */
export async function poll<T>(timeoutMs: number, attempt: () => Promise<T | undefined>): Promise<T | undefined> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const result = await attempt().catch(() => undefined);
    if (result !== undefined || performance.now() > deadline) return result;
    await wait(INTERVAL_MS);
  }
}
