import type { SettingsCheck } from '@crmbet/otel/sdk';
import type { Check } from './check.ts';

/** The oldest Node.js that the preload runs on. */
const oldest = [22, 15] as const;

/** Whether the preload runs on a Node.js of this version. */
export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) {
    return { name: 'node', state: 'ok', what: `Node.js ${version}` };
  }
  return {
    name: 'node',
    state: 'error',
    what: `Node.js ${version} is too old`,
    advice: `run the application on Node.js ${oldest.join('.')} or newer`,
  };
}

/** One check for each wrong setting, else one that says what is set. */
export function checksOfSettings({ settings, problems, shown }: SettingsCheck): Check[] {
  const wrong = problems.map((what): Check => ({
    name: 'settings',
    state: 'error',
    what,
    advice: 'correct the value, or remove the variable',
  }));
  const disabled: Check = {
    name: 'settings',
    state: 'error',
    what: 'OTEL_SDK_DISABLED=true: there is no telemetry at all',
    advice: 'remove the variable',
  };
  const found = [...wrong, ...(settings.sdk.disabled ? [disabled] : [])];
  const what = shown.length === 0 ? 'defaults, no variable is set' : shown.join(' ');
  return found.length > 0 ? found : [{ name: 'settings', state: 'ok', what }];
}
