import { settingsTable } from './table.ts';
import type { Setting } from './setting.ts';

type Table = typeof settingsTable;
type ValueOf<S> = S extends Setting<infer T> ? T : never;

/** Every setting with its value. */
export type Settings = {
  readonly [Group in keyof Table]: { readonly [Key in keyof Table[Group]]: ValueOf<Table[Group][Key]> };
};

/** What code may set; it goes before the environment. */
export type SettingsInput = { readonly [Group in keyof Settings]?: Partial<Settings[Group]> };

/** Receives one line for every wrong value. */
export type Warn = (line: string) => void;

/**
 * Settings from options, else the environment, else defaults. An empty variable counts as absent (specification,
 * "Environment Variable Specification"). A wrong one is replaced by its default and `warn` gets a line with the
 * name, the value, what is allowed and what is used; the value of a secret is left out.
 */
export function readSettings(env: NodeJS.ProcessEnv, options: SettingsInput, warn: Warn): Settings {
  const groups = Object.entries(settingsTable).map(([group, rows]) => {
    const given: Record<string, unknown> = options[group as keyof Settings] ?? {};
    const values = Object.entries<Setting<unknown>>(rows).map(
      ([key, row]) => [key, given[key] ?? readOne(row, env[row.env], warn)] as const,
    );
    return [group, Object.fromEntries(values)] as const;
  });
  return Object.fromEntries(groups) as Settings;
}

function readOne<T>(row: Setting<T>, raw: string | undefined, warn: Warn): T {
  const value = raw?.trim() ?? '';
  if (value === '') return row.fallback;
  const parsed = row.kind.parse(value);
  if (parsed !== undefined) return parsed;
  warn(
    `${row.env}=${row.secret ? '[REDACTED]' : shorten(value)} is not allowed (${row.kind.allowed}); using ${describeFallback(row)}`,
  );
  return row.fallback;
}

/** The default of a row, in words. */
export function describeFallback(row: Setting<unknown>): string {
  const { fallback, kind } = row;
  if (kind.format) return kind.format(fallback);
  if (Array.isArray(fallback)) return fallback.join(',') || 'none';
  if (fallback === undefined || typeof fallback === 'object') return 'none';
  return typeof fallback === 'string' ? fallback : JSON.stringify(fallback);
}

function shorten(value: string): string {
  const printable = JSON.stringify(value);
  return printable.length > 100 ? `${printable.slice(0, 100)}…"` : printable;
}
