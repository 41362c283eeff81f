/**
 * `@crmbet/otel/sdk`: the preload for code. Everything here speaks of the one SDK of the process, also when the preload
 * (`node --require @crmbet/otel`) started it.
 */
import type { Settings, SettingsInput } from './config/read.ts';
import type * as CheckSettings from './diagnosis/check-settings.ts';
import type * as Probing from './diagnosis/probe.ts';
import { runningSdk, startSdk } from './sdk/start.ts';

export type { Settings, SettingsInput } from './config/read.ts';
export type { SettingsCheck } from './diagnosis/check-settings.ts';
export type { Finding, FindingCode } from './diagnosis/finding.ts';
export type { Probe, ProbeResult } from './diagnosis/probe.ts';
export type { InstrumentedPackage, ProcessReport, ProcessState } from './diagnosis/report.ts';

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

/** Reads the settings as the preload does in a process with this environment, and says what is wrong with them. Starts nothing. */
export function checkSettings(env: NodeJS.ProcessEnv): CheckSettings.SettingsCheck {
  return (require('./diagnosis/check-settings.js') as typeof CheckSettings).checkSettings(env);
}

/**
 * Sends one span, one log record of it and one metric to the OTLP endpoints of the settings, as the preload would, and
 * says what became of each. Registers nothing, takes at most 5 s, never rejects.
 */
export function sendProbe(settings: Settings): Promise<Probing.Probe> {
  return (require('./diagnosis/probe.js') as typeof Probing).sendProbe(settings);
}
