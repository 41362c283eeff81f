import type { LogLevel } from '@crmbet/telemetry';
import type { Colors } from '../output.ts';

const levelColors = {
  fatal: 'red',
  error: 'red',
  warn: 'yellow',
  info: 'green',
  debug: 'dim',
  trace: 'dim',
} as const satisfies Record<LogLevel, keyof Colors>;

/** A level in its colour. */
export function formatLevel(level: LogLevel, colors: Colors): string {
  return colors[levelColors[level]](level);
}
