/**
 * `@crmbet/otel/sdk`: the preload for code. Everything here speaks of the one SDK of the process, also when the preload
 * (`node --require @crmbet/otel`) started it.
 */
import type { SettingsInput } from './config/read.ts';
import { runningSdk, startSdk } from './sdk/start.ts';

export type { Settings, SettingsInput } from './config/read.ts';

/**
 * Starts tracing, metrics and logs, as the preload does. Call it before anything that is to be instrumented is loaded.
 * Options go before environment variables. A second call is one line on standard error; the first one stays.
 */
export function start(options: SettingsInput = {}): void {
  startSdk(options);
}

/** Exports everything recorded so far. Resolves when it is delivered or given up; never rejects. */
export async function flush(): Promise<void> {
  await runningSdk()?.flush();
}

/** Exports what waits and stops for good; calling it again does nothing more. Never rejects. */
export async function stop(): Promise<void> {
  await runningSdk()?.stop();
}
