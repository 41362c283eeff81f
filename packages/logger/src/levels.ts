/** winston's npm levels, most severe first; the order is the threshold. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'http', 'verbose', 'debug', 'silly'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

export const DEFAULT_LEVEL: LogLevel = 'info';

const LEVEL_SET: ReadonlySet<string> = new Set(LOG_LEVELS);

/** `value` as a level, ignoring case and surrounding blanks; `undefined` when it names none. */
export function parseLevel(value: unknown): LogLevel | undefined {
  if (typeof value !== 'string') return undefined;
  const name = value.trim().toLowerCase();
  return LEVEL_SET.has(name) ? (name as LogLevel) : undefined;
}
