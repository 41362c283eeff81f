import { isBuiltin } from 'node:module';
import type { Settings } from '../config/read.ts';
import { noteFailure } from '../diagnosis/failures.ts';
import type { Reporter } from '../report/reporter.ts';
import { hookEsModules } from './esm-hooks.ts';
import { withHookPackages } from './hook-packages.ts';
import { selectInstrumentations } from './libraries/select.ts';
import { beforePackage, hookLoading } from './module-loading.ts';
import { instrumentationTable, type Installed, type InstrumentationEntry } from './table.ts';

/**
 * Installs the instrumentations that the settings select. One for packages is made when the first of them is about to
 * be loaded, the others now. One that cannot be made is said and left out. Returns what disables all.
 */
export function installInstrumentations(settings: Settings, reporter: Reporter): Installed {
  const selected = selectInstrumentations(instrumentationTable, settings.instrumentations, reporter.say);
  const made: Installed[] = [];
  for (const entry of selected) {
    const create = once(() => createSafely(entry, settings, reporter, made));
    const packages = packagesOf(entry);
    if (packages.length === 0) create();
    for (const name of packages) beforePackage(name, create);
  }
  const unhook = hookLoading();
  hookEsModules(selected.flatMap(packagesOf), reporter);
  return {
    disable() {
      unhook();
      for (const instrumentation of made) instrumentation.disable();
    },
  };
}

function packagesOf({ modules }: InstrumentationEntry): string[] {
  return modules.filter((name) => !isBuiltin(name));
}

function createSafely(entry: InstrumentationEntry, settings: Settings, reporter: Reporter, made: Installed[]): void {
  try {
    made.push(withHookPackages(() => entry.create(settings)));
  } catch (error) {
    noteFailure(entry.name, error as Error, reporter.say);
  }
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    work();
  };
}
