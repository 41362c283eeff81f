import * as nodeModule from 'node:module';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Reporter } from '../report/reporter.ts';
import { useImportHook, type ImportHookClass } from './hook-packages.ts';
import { pendingPackages, prepareFor } from './module-loading.ts';
import { packageOfSpecifier } from './package-path.ts';

/** The part of import-in-the-middle that is used; its own types do not cover it. */
interface SyncHooks {
  register(options: { include: string[] }): void;
  supportsSyncHooks(): boolean;
}
/** A name that Node.js gave. */
const compileKey = '_compile';
type Compile = (this: NodeJS.Module, content: string, file: string, ...rest: unknown[]) => unknown;

/**
 * Hooks the loading of ES modules, for the packages that are instrumented alone, and only in a process that has ES
 * modules: hooks slow down every `require` as well. That is one that starts with one, or whose own CommonJS files have
 * an `import(…)` in them.
 */
export function hookEsModules(packages: readonly string[], reporter: Reporter): void {
  if (startsWithEsModule(process.argv[1], [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' '))) {
    return install(packages, reporter);
  }
  const prototype = nodeModule.Module.prototype as unknown as { [compileKey]: Compile };
  const original = prototype[compileKey];
  let done = false;
  const compile: Compile = function (content, file, ...rest) {
    if (!done && content.includes('import(') && !file.includes('node_modules')) {
      done = true;
      if (prototype[compileKey] === compile) prototype[compileKey] = original;
      install(packages, reporter);
    }
    return Reflect.apply(original, this, [content, file, ...rest]);
  };
  prototype[compileKey] = compile;
}

/** Whether the entry script is an ES module, as far as it shows without running it. */
export function startsWithEsModule(entry: string | undefined, nodeOptions: string): boolean {
  if (/(?:^|\s)--(?:import|input-type|experimental-loader|loader)\b/.test(nodeOptions)) return true;
  if (entry === undefined || /\.c[jt]s$/.test(entry)) return false;
  if (/\.m[jt]s$/.test(entry)) return true;
  try {
    const path = nodeModule.createRequire(`${process.cwd()}/`).resolve(entry);
    return /\.m[jt]s$/.test(path) || isModule(path);
  } catch {
    return false;
  }
}

/** By the nearest package.json, else by its text, as Node.js tells it. */
function isModule(path: string): boolean {
  if (path.endsWith('.cjs')) return false;
  const manifest = nodeModule.findPackageJSON(pathToFileURL(path));
  const { type } = manifest === undefined ? {} : (JSON.parse(readFileSync(manifest, 'utf8')) as { type?: string });
  return (
    type === 'module' || (type !== 'commonjs' && /^\s*(?:import|export)[\s{*'"]/m.test(readFileSync(path, 'utf8')))
  );
}

/**
 * Makes the instrumentation of a package that is about to be imported. And `node -e` requires built-in modules without a
 * parent: the hooks take what has no parent for the entry script, a file, and Node.js would try to read one named `module`.
 */
const resolve: nodeModule.ResolveHookSync = (specifier, context, next) => {
  if (nodeModule.isBuiltin(specifier)) {
    if (context.parentURL !== undefined) return next(specifier, context);
    const url = specifier.startsWith('node:') ? specifier : `node:${specifier}`;
    return { url, format: 'builtin', shortCircuit: true };
  }
  prepareFor(packageOfSpecifier(specifier));
  return next(specifier, context);
};

/** Synchronously in this thread where Node.js can, else through a loader thread. */
function install(packages: readonly string[], reporter: Reporter): void {
  try {
    // The copy that the instrumentations have.
    const requireFrom = nodeModule.createRequire(require.resolve('@opentelemetry/instrumentation'));
    useImportHook(requireFrom('import-in-the-middle') as ImportHookClass);
    const { register, supportsSyncHooks } = requireFrom('import-in-the-middle/register-hooks.mjs') as SyncHooks;
    const include = [...packages];
    if (supportsSyncHooks()) {
      register({ include });
      nodeModule.registerHooks({ resolve });
    } else {
      for (const name of pendingPackages()) prepareFor(name);
      const loader = pathToFileURL(requireFrom.resolve('import-in-the-middle/hook.mjs')).href;
      nodeModule.register(loader, { data: { include } });
    }
  } catch (error) {
    reporter.say(`ES modules cannot be instrumented: ${(error as Error).message}`);
  }
}
