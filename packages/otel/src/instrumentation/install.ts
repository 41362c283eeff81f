import { createRequire } from 'node:module';
import * as nodeModule from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import type { Settings } from '../config/read.ts';
import type { Reporter } from '../report/reporter.ts';
import { selectInstrumentations } from './libraries/select.ts';
import { instrumentationTable } from './table.ts';

/** The part of import-in-the-middle that is used; its own types do not cover it. */
interface SyncHooks {
  register(options: { include: string[] }): void;
  supportsSyncHooks(): boolean;
}

/**
 * `node -e` requires built-in modules without a parent. The hooks take what has no parent for the entry script, a file,
 * and Node.js would try to read one named `module`.
 */
const resolveForEval: nodeModule.ResolveHookSync = (specifier, context, next) => {
  if (context.parentURL !== undefined || !nodeModule.isBuiltin(specifier)) return next(specifier, context);
  const url = specifier.startsWith('node:') ? specifier : `node:${specifier}`;
  return { url, format: 'builtin', shortCircuit: true };
};

/** Makes every instrumentation; one that cannot be made is said and left out. */
export function installInstrumentations(settings: Settings, reporter: Reporter): Instrumentation[] {
  const selected = selectInstrumentations(instrumentationTable, settings.instrumentations, reporter.say);
  return selected.flatMap((entry) => {
    try {
      return [entry.create(settings)];
    } catch (error) {
      reporter.say(`${entry.name} cannot be instrumented: ${(error as Error).message}`);
      return [];
    }
  });
}

/**
 * Hooks the loading of ES modules, for the modules of the table alone. Synchronously in this thread where Node.js can,
 * else through a loader thread.
 */
export function installModuleHooks(reporter: Reporter): void {
  const include = instrumentationTable.flatMap(({ modules }) => modules);
  try {
    // The copy that the instrumentations register their hooks with.
    const base = require.resolve('@opentelemetry/instrumentation');
    const requireFrom = createRequire(base);
    const { register, supportsSyncHooks } = requireFrom('import-in-the-middle/register-hooks.mjs') as SyncHooks;
    if (supportsSyncHooks()) {
      register({ include });
      nodeModule.registerHooks({ resolve: resolveForEval });
    } else {
      const loader = pathToFileURL(requireFrom.resolve('import-in-the-middle/hook.mjs')).href;
      nodeModule.register(loader, { data: { include } });
    }
  } catch (error) {
    reporter.say(`ES modules cannot be instrumented: ${(error as Error).message}`);
  }
}
