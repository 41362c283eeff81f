/**
 * The published instrumentations register their hooks with require-in-the-middle and import-in-the-middle. While one of
 * them is loaded it gets these two in their place, so that all share the one hook of ours.
 */
import * as nodeModule from 'node:module';
import { onPackageFile, replacementOf, watchPackage, type OnLoad } from './module-loading.ts';

type OnImport = (exported: unknown, name: string, folder: string | undefined, format?: string) => unknown;
/** A name that Node.js gave. */
const loadKey = '_load';
type ModuleLoad = (request: string, ...rest: unknown[]) => unknown;
/** `Hook` of import-in-the-middle. */
export type ImportHookClass = new (modules: string[], options: object, onImport: OnImport) => unknown;

interface ImportHookArguments {
  modules: string[];
  onImport: OnImport;
}

/** Hooks that were registered while nothing hooks ES modules. */
const waiting: ImportHookArguments[] = [];
let realHook: ImportHookClass | undefined;

class RequireHook {
  constructor(_modules: unknown, _options: unknown, onLoad: OnLoad) {
    onPackageFile(onLoad);
  }

  unhook(): void {}
}

class ImportHook {
  constructor(modules: string[], _options: unknown, onImport: OnImport) {
    for (const name of modules) {
      if (nodeModule.isBuiltin(name)) patchBuiltin(name, onImport);
      else watchPackage(name);
    }
    const hook = { modules, onImport };
    if (realHook === undefined) waiting.push(hook);
    else register(realHook, hook);
  }

  unhook(): void {}
}

const standIns: Readonly<Record<string, unknown>> = {
  'require-in-the-middle': Object.assign(RequireHook, { Hook: RequireHook }),
  'import-in-the-middle': Object.assign(ImportHook, { Hook: ImportHook }),
};

/** Built-in modules are there already, one object for `require` and `import`. */
function patchBuiltin(name: string, onImport: OnImport): void {
  onImport(process.getBuiltinModule(name), name, undefined);
  nodeModule.syncBuiltinESMExports();
}

/** CommonJS files come through the hook of their loading, also when they are imported. */
function register(Hook: ImportHookClass, { modules, onImport }: ImportHookArguments): void {
  const packages = modules.filter((name) => !nodeModule.isBuiltin(name));
  if (packages.length === 0) return;
  const onModule: OnImport = (exported, name, folder, format) =>
    format === 'commonjs' ? replaceInNamespace(exported) : onImport(exported, name, folder, format);
  void new Hook(packages, { internals: true }, onModule);
}

/** In Node.js 22 `import` sees the exports as they were at the end of the loading, before another took their place. */
function replaceInNamespace(exported: unknown): unknown {
  const namespace = exported as Record<string, unknown>;
  const replacement = replacementOf(namespace['default']) as Record<string, unknown> | undefined;
  if (replacement === undefined) return exported;
  for (const name of Object.keys(namespace)) {
    namespace[name] = name === 'default' || name === 'module.exports' ? replacement : replacement[name];
  }
  return exported;
}

/** From here on hooks are registered with import-in-the-middle, those so far as well. */
export function useImportHook(Hook: ImportHookClass): void {
  realHook = Hook;
  for (const hook of waiting.splice(0)) register(Hook, hook);
}

/** Runs `create`, during which the two packages are the ones of this file. */
export function withHookPackages<T>(create: () => T): T {
  const loader = nodeModule.Module as unknown as { [loadKey]: ModuleLoad };
  const original = loader[loadKey];
  const load: ModuleLoad = function (this: unknown, request, ...rest) {
    return standIns[request] ?? Reflect.apply(original, this, [request, ...rest]);
  };
  loader[loadKey] = load;
  try {
    return create();
  } finally {
    loader[loadKey] = original;
  }
}
