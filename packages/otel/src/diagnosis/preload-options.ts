import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownMain } from './own-package.ts';

/** A module that Node.js was told to load before the application. */
export interface Preload {
  readonly flag: '--require' | '--import';
  readonly specifier: string;
  readonly from: 'NODE_OPTIONS' | 'the command line';
}

/** What Node.js loads before the application, in its order: everything of `--require`, then of `--import`. */
export function preloads(
  nodeOptions: string | undefined = process.env['NODE_OPTIONS'],
  execArgv: readonly string[] = process.execArgv,
): Preload[] {
  const found = [...read(words(nodeOptions ?? ''), 'NODE_OPTIONS'), ...read(execArgv, 'the command line')];
  return [...found.filter(({ flag }) => flag === '--require'), ...found.filter(({ flag }) => flag === '--import')];
}

/** The preloads that are this package. */
export function ownPreloads(found: readonly Preload[] = preloads()): Preload[] {
  const main = realPath(ownMain());
  return found.filter(({ specifier }) => specifier === '@crmbet/otel' || resolvesTo(main, specifier));
}

function resolvesTo(main: string, specifier: string): boolean {
  try {
    const path = specifier.startsWith('file:') ? specifier : createRequire(join(process.cwd(), '_')).resolve(specifier);
    return realPath(path.startsWith('file:') ? fileURLToPath(path) : path) === main;
  } catch {
    return false;
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function read(args: readonly string[], from: Preload['from']): Preload[] {
  return args.flatMap((arg, index) => {
    const [, name, inline] = /^(--require|-r|--import)(?:=(.*))?$/.exec(arg) ?? [];
    const specifier = inline ?? args[index + 1];
    if (name === undefined || specifier === undefined) return [];
    return [{ flag: name === '--import' ? '--import' : '--require', specifier, from } as const];
  });
}

/** NODE_OPTIONS in words: separated by blanks, in double quotes where they contain some, `\` before a quote. */
function words(text: string): string[] {
  return (text.match(/(?:"(?:\\.|[^"\\])*"|[^\s"])+/g) ?? []).map((word) =>
    word.replace(/"((?:\\.|[^"\\])*)"/g, (_, inner: string) => inner.replace(/\\(.)/g, '$1')),
  );
}
