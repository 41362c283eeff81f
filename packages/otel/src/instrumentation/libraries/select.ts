import type { LibraryEntry } from './entry.ts';

/** What OTEL_NODE_ENABLED_INSTRUMENTATIONS and OTEL_NODE_DISABLED_INSTRUMENTATIONS say. */
export interface Selection {
  readonly enabled: readonly string[] | undefined;
  readonly disabled: readonly string[] | undefined;
}

/** Stands for everything that is used without being named. */
const defaults = 'default';

/**
 * The entries of `table` that are used. A name covers its parts too: `pg` is `pg` and `pg-pool`. `warn` gets one line
 * for names that no entry has.
 */
export function selectInstrumentations<T extends LibraryEntry>(
  table: readonly T[],
  { enabled, disabled }: Selection,
  warn: (line: string) => void,
): readonly T[] {
  warnUnknown('OTEL_NODE_ENABLED_INSTRUMENTATIONS', enabled, table, warn);
  warnUnknown('OTEL_NODE_DISABLED_INSTRUMENTATIONS', disabled, table, warn);
  const isWanted = ({ name, optIn = false }: T) => {
    if (enabled === undefined || (enabled.includes(defaults) && !optIn)) return !optIn;
    return covers(enabled, name);
  };
  return table.filter((entry) => isWanted(entry) && !covers(disabled ?? [], entry.name));
}

function covers(names: readonly string[], entry: string): boolean {
  return names.some((name) => entry === name || entry.startsWith(`${name}-`));
}

function warnUnknown(
  variable: string,
  names: readonly string[] = [],
  table: readonly LibraryEntry[],
  warn: (line: string) => void,
): void {
  const unknown = names.filter((name) => name !== defaults && !table.some((entry) => covers([name], entry.name)));
  if (unknown.length === 0) return;
  const known = table.map(({ name }) => name).join(', ');
  warn(`${variable}: no instrumentation is named ${unknown.join(', ')}; there are ${known}. The other names count.`);
}
