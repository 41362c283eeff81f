import type { Writable } from 'node:stream';

/**
 * Writes a line to stdout or stderr. A reader who left (EPIPE) or a full disk would make the stream emit an error that
 * nobody listens to, which ends the process: the listener is there for that one event only, so that writes of the
 * application itself fail as they always did.
 *
 * @param onLost is told the error code of a line that was not written
 */
export function writeLine(stream: Writable, line: string, onLost: (code: string) => void): void {
  try {
    stream.write(`${line}\n`, (error) => {
      if (error === null || error === undefined) return;
      if (stream.listenerCount('error') === 0) stream.once('error', ignore);
      onLost(codeOf(error));
    });
  } catch (error) {
    onLost(codeOf(error));
  }
}

function ignore(): void {
  // See above.
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
