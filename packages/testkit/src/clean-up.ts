import { onTestFinished, TestRunner } from 'vitest';

const pending = new Set<() => void>();
let listening = false;

/**
 * Has `release` called when the running test ends (after its `afterEach` hooks). Outside a test, in `beforeAll` for one,
 * nothing but the end of the worker process calls it: stop in `afterAll` what you started there.
 * @param atExit what to do, synchronously, when the process ends before `release` was called
 */
export function cleanUpAfterTest(release: () => void | Promise<void>, atExit: () => void): void {
  pending.add(atExit);
  if (!listening) process.on('exit', () => pending.forEach((last) => last()));
  listening = true;
  if (TestRunner.getCurrentTest() === undefined) return;
  onTestFinished(async () => {
    pending.delete(atExit);
    await release();
  });
}
