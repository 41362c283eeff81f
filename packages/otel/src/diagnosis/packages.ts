import { readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

/** A package that is loaded. */
export interface LoadedPackage {
  readonly name: string;
  /** Folder of this copy. */
  readonly folder: string;
}

const marker = `${sep}node_modules${sep}`;

/** The package that a file belongs to, by its path; `undefined` outside of node_modules. */
export function packageOf(file: string): LoadedPackage | undefined {
  const start = file.lastIndexOf(marker);
  if (start < 0) return undefined;
  const [first = '', second = ''] = file.slice(start + marker.length).split(sep);
  const name = first.startsWith('@') ? `${first}/${second}` : first;
  return { name, folder: file.slice(0, start + marker.length + name.length) };
}

/**
 * The packages of all modules that `require` has loaded, also on behalf of `import`; each copy once. ES modules are kept
 * where nobody can see them: `more` has files that a hook saw.
 */
export function loadedPackages(more: Iterable<string> = []): LoadedPackage[] {
  const found = new Map<string, LoadedPackage>();
  // The files of a package mostly come one after the other.
  let last = marker;
  for (const file of [...Object.keys(require.cache), ...more]) {
    if (file.startsWith(last) && !file.includes(marker, last.length - 1)) continue;
    const loaded = packageOf(file);
    if (!loaded) continue;
    last = `${loaded.folder}${sep}`;
    found.set(loaded.folder, loaded);
  }
  return [...found.values()];
}

/** The version in a package's package.json, or `unknown`. */
export function versionOf(folder: string): string {
  try {
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version?: unknown };
    return typeof version === 'string' ? version : 'unknown';
  } catch {
    return 'unknown';
  }
}
