import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where telemetry is kept unless `--data` or CRMBET_OTEL_DATA says otherwise: `crmbet-otel/telemetry.duckdb` below
 * $XDG_DATA_HOME where that is set, else `~/.local/share` (XDG Base Directory Specification), on macOS
 * `~/Library/Application Support`, on Windows %LOCALAPPDATA%.
 */
export function defaultDataFile(
  platform: NodeJS.Platform = process.platform,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string {
  return join(dataFolder(platform, environment), 'crmbet-otel', 'telemetry.duckdb');
}

function dataFolder(platform: NodeJS.Platform, environment: Readonly<Record<string, string | undefined>>): string {
  if (environment['XDG_DATA_HOME']) return environment['XDG_DATA_HOME'];
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support');
  if (platform === 'win32') return environment['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local');
  return join(homedir(), '.local', 'share');
}
