import { loadSettings } from '../config/load.ts';
import type { Settings } from '../config/read.ts';
import { redact } from '../report/redact.ts';
import { shownSettings } from '../report/shown-settings.ts';

/** The settings of an environment, and what is wrong with them. */
export interface SettingsCheck {
  readonly settings: Settings;
  /** One line for each wrong value: name, value, what is allowed, what is used. Redacted. */
  readonly problems: readonly string[];
  /** `NAME=value` of what is set. Redacted. */
  readonly shown: readonly string[];
}

/** Reads the settings as the preload does in a process with this environment. */
export function checkSettings(env: NodeJS.ProcessEnv): SettingsCheck {
  const problems: string[] = [];
  const settings = loadSettings(env, {}, (line) => void problems.push(redact(line)));
  return { settings, problems, shown: shownSettings(env) };
}
