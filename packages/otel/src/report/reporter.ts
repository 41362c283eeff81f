import { writeSync } from 'node:fs';
import { redact } from './redact.ts';

/** Milliseconds in which a message with the same key is written once. */
const quietMs = 60_000;
/** Keys that are remembered; past it the oldest is forgotten. */
const maxKeys = 200;

interface Spoken {
  atMs: number;
  suppressed: number;
}

/** Writes whole lines to standard error, the same one at most once a minute, and never what looks like a secret. */
export interface Reporter {
  /** Writes `line` now. */
  say(line: string): void;
  /** Writes `line` unless one with this `key` was written in the last minute; says how many were left out. */
  sayOnce(key: string, line: string): void;
}

/** A reporter with its own memory of what it said; `write` and `now` (milliseconds) are for tests. */
export function createReporter(write: (text: string) => void = writeToStderr, now: () => number = Date.now): Reporter {
  const spoken = new Map<string, Spoken>();
  const say = (line: string) => write(`crmbet-otel: ${redact(line)}\n`);
  return {
    say,
    sayOnce(key, line) {
      const last = spoken.get(key);
      if (last && now() - last.atMs < quietMs) {
        last.suppressed += 1;
        return;
      }
      if (!last && spoken.size >= maxKeys) spoken.delete(spoken.keys().next().value ?? '');
      spoken.set(key, { atMs: now(), suppressed: 0 });
      say(last && last.suppressed > 0 ? `${line} (${last.suppressed} more like it)` : line);
    },
  };
}

/** The reporter of this process. */
export const reporter: Reporter = createReporter();

/** Not `process.stderr`: creating it may change the file descriptor's mode, and its `error` event could end the application. */
function writeToStderr(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // Standard error is closed or full: there is nowhere else to say it.
  }
}
