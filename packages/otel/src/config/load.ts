import type * as FileModule from './file.ts';
import { readSettings, type Settings, type SettingsInput, type Warn } from './read.ts';

type ReadFile = typeof FileModule.settingsFromFile;

const loadAndRead: ReadFile = (path, warn) => (require('./file.js') as typeof FileModule).settingsFromFile(path, warn);

/**
 * The settings of this process: options, else the declarative file that `OTEL_CONFIG_FILE` names, else the environment,
 * else defaults. With a file no other variable is read (specification, "Declarative configuration"); with one that
 * cannot be used the variables are, and `warn` gets one line. The parser is loaded only then (`readFile` is for tests).
 */
export function loadSettings(
  env: NodeJS.ProcessEnv,
  options: SettingsInput,
  warn: Warn,
  readFile: ReadFile = loadAndRead,
): Settings {
  const file = options.sdk?.configFile ?? env['OTEL_CONFIG_FILE']?.trim();
  if (!file) return readSettings(env, options, warn);
  try {
    const { settings, variables } = readFile(file, (line) => warn(`${file}: ${line}`));
    return readSettings({ ...variables, OTEL_CONFIG_FILE: file }, mergeInputs(options, settings), warn);
  } catch (error) {
    const reason = (error as Error).message.replace(/\s+/g, ' ').slice(0, 500);
    warn(`OTEL_CONFIG_FILE=${JSON.stringify(file)} cannot be used (${reason}); using the environment variables`);
    return readSettings(env, options, warn);
  }
}

function mergeInputs(first: SettingsInput, second: SettingsInput): SettingsInput {
  const groups = new Set([...Object.keys(first), ...Object.keys(second)]) as Set<keyof SettingsInput>;
  return Object.fromEntries([...groups].map((group) => [group, { ...second[group], ...first[group] }]));
}
