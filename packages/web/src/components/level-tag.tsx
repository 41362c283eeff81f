import type { Log } from '@crmbet/telemetry';
import type { JSX } from 'preact';

/** The level of a log line, by word and by colour. */
export function LevelTag({ level }: { level: Log['level'] }): JSX.Element {
  return <span class={`level level-${level}`}>{level}</span>;
}
