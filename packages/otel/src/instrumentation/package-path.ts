import { createRequire } from 'node:module';
import { sep } from 'node:path';

/** Where a file is inside its package. */
export interface PackageFile {
  /** Name of the package. */
  readonly name: string;
  /** Folder of the package. */
  readonly folder: string;
}

const marker = `${sep}node_modules${sep}`;
/** Main files by the folder of their package. */
const mainFiles = new Map<string, string | undefined>();

/** The package that `file` (an absolute path) belongs to; none for files outside of `node_modules`. */
export function packageOf(file: string): PackageFile | undefined {
  const at = file.lastIndexOf(marker);
  if (at < 0) return undefined;
  const start = at + marker.length;
  const first = file.indexOf(sep, start);
  const end = file[start] === '@' && first > 0 ? file.indexOf(sep, first + 1) : first;
  if (end < 0) return undefined;
  const name = file.slice(start, end);
  return { name: sep === '/' ? name : name.replaceAll(sep, '/'), folder: file.slice(0, end) };
}

/** The package that a bare specifier names: `@scope/name` of `@scope/name/file.js`. */
export function packageOfSpecifier(specifier: string): string {
  const first = specifier.indexOf('/');
  const end = specifier.startsWith('@') && first > 0 ? specifier.indexOf('/', first + 1) : first;
  return end < 0 ? specifier : specifier.slice(0, end);
}

/** Whether `file` is what `require` of the package's name gives. */
export function isMainFile(file: string, { name, folder }: PackageFile): boolean {
  if (!mainFiles.has(folder)) mainFiles.set(folder, resolveMain(name, folder));
  return mainFiles.get(folder) === file;
}

function resolveMain(name: string, folder: string): string | undefined {
  try {
    return createRequire(`${folder}${sep}`).resolve(name);
  } catch {
    return undefined;
  }
}
