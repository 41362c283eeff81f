/**
 * Instrumentations are made when the first file of a package that they are for is about to be loaded, and change what
 * it exports when it has been. One hook serves all of them, on the one function that loads every CommonJS file, once,
 * whoever asks for it: `require`, and `import` too. It costs an application a search in a path for each file; a hook on
 * `require` costs a resolution for each call.
 */
import * as nodeModule from 'node:module';
import { relative, sep } from 'node:path';
import { isMainFile, packageOf, type PackageFile } from './package-path.ts';

/** As of require-in-the-middle: gets the exports of a file and returns those to use. */
export type OnLoad = (exported: unknown, name: string, folder: string) => unknown;
type Load = (this: NodeJS.Module, file: string) => void;

/** What is to be made before a package is loaded. */
const pending = new Map<string, (() => void)[]>();
/** Packages whose files are handed to the listeners. */
const watched = new Set<string>();
const listeners: OnLoad[] = [];
/** What took the place of the exports of a file. */
const replacements = new WeakMap<object, unknown>();

/** Calls `prepare` once, when the first file of the package `name` is about to be loaded. */
export function beforePackage(name: string, prepare: () => void): void {
  watched.add(name);
  pending.set(name, [...(pending.get(name) ?? []), prepare]);
}

/** Hands the files of the package `name` to the listeners. */
export function watchPackage(name: string): void {
  watched.add(name);
}

/** Listens to the files of all watched packages. */
export function onPackageFile(listener: OnLoad): void {
  listeners.push(listener);
}

/** What a listener has put in the place of `exported`, the exports of a CommonJS file. */
export function replacementOf(exported: unknown): unknown {
  return replacements.get(exported as object);
}

/** Makes what waits for the package. */
export function prepareFor(name: string): void {
  const waiting = pending.get(name);
  if (waiting === undefined) return;
  pending.delete(name);
  for (const prepare of waiting) prepare();
}

/** Packages that something waits for. */
export function pendingPackages(): string[] {
  return [...pending.keys()];
}

/** Hooks the loading of CommonJS files; returns what undoes it. */
export function hookLoading(): () => void {
  const prototype = nodeModule.Module.prototype as unknown as { load: Load };
  const original = prototype.load;
  let active = true;
  const load: Load = function (file) {
    const found = active ? watchedPackageOf(file) : undefined;
    if (found === undefined) return original.call(this, file);
    prepareFor(found.name);
    original.call(this, file);
    notify(this, file, found);
  };
  prototype.load = load;
  return () => {
    active = false;
    if (prototype.load === load) prototype.load = original;
  };
}

function watchedPackageOf(file: string): PackageFile | undefined {
  const found = packageOf(file);
  return found !== undefined && watched.has(found.name) ? found : undefined;
}

function notify(module: NodeJS.Module, file: string, found: PackageFile): void {
  const { name, folder } = found;
  const known = isMainFile(file, found) ? name : `${name.replaceAll('/', sep)}${sep}${relative(folder, file)}`;
  let exported: unknown = module.exports;
  for (const listener of listeners) exported = listener(exported, known, folder);
  if (exported === module.exports) return;
  replacements.set(module.exports as object, exported);
  module.exports = exported;
}
