import { isatty } from 'node:tty';
import picocolors from 'picocolors';

type Environment = Readonly<Record<string, string | undefined>>;
export type Colors = ReturnType<typeof picocolors.createColors>;

/** How text is laid out. */
export interface Style {
  /** Columns that a line may take; `undefined`: any number, as in a pipe, so that nothing is cut off. */
  width: number | undefined;
  colors: Colors;
}

/** NO_COLOR (https://no-color.org) wins over FORCE_COLOR, which wins over what the output is. */
export function useColors(isTerminal: boolean, environment: Environment): boolean {
  if (environment['NO_COLOR']) return false;
  const forced = environment['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTerminal && environment['TERM'] !== 'dumb';
}

/** The style of standard output. COLUMNS sets the width where there is no terminal to ask. */
export function outputStyle(): Style {
  const { stdout, env } = process;
  const columns = stdout.isTTY ? stdout.columns : Number(env['COLUMNS']);
  return {
    width: columns > 0 ? columns : undefined,
    // Not `stdout.isTTY`: it is undefined for a pipe, whatever its type says, and picocolors would then decide for itself.
    colors: picocolors.createColors(useColors(isatty(1), env)),
  };
}

/** A result, to standard output; resolves when it is written, so that nothing more is said to a pipe that nobody reads. */
export async function writeResult(text: string): Promise<void> {
  const line = text.endsWith('\n') ? text : `${text}\n`;
  await new Promise<void>((resolve) => {
    process.stdout.write(line, () => resolve());
  });
}

/** One JSON document. */
export async function writeJson(value: unknown): Promise<void> {
  await writeResult(JSON.stringify(value, undefined, 2));
}

/** A line about what is going on, to standard error: standard output has results only. */
export function writeNotice(text: string): void {
  process.stderr.write(`crmbet-otel: ${text}\n`);
}

/** `crmbet-otel logs | head` ends without a word when `head` has read enough. */
export function silenceBrokenPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      // Nobody reads the rest: writing on would only use up time.
      process.exit(process.exitCode ?? 0);
    });
  }
}
