import {
  InstrumentationBase,
  InstrumentationNodeModuleDefinition,
  InstrumentationNodeModuleFile,
  type Instrumentation,
  type InstrumentationConfig,
  type InstrumentationModuleDefinition,
} from '@opentelemetry/instrumentation';

export { unwrapMethod, wrapMethod } from './wrap-method.ts';

/** What to change in a package when it is loaded, and how to undo it. */
export interface ModulePatch<Exports> {
  /** Package name. */
  readonly module: string;
  /** File inside the package, such as `winston/lib/winston/logger.js`; default its main file. */
  readonly file?: string;
  /** Supported versions of the package (semver ranges). */
  readonly versions: string[];
  apply(exports: Exports): void;
  undo(exports: Exports): void;
}

/** An instrumentation of one package, hooked for `require` and `import` alike. */
export function createModulePatch<Exports>(patch: ModulePatch<Exports>): Instrumentation {
  return new PatchInstrumentation(patch);
}

interface PatchConfig extends InstrumentationConfig {
  patch: ModulePatch<unknown>;
}

/** The patch travels in the configuration: the base class asks for the definitions before fields of ours are set. */
class PatchInstrumentation extends InstrumentationBase<PatchConfig> {
  constructor(patch: ModulePatch<unknown>) {
    super(`@crmbet/otel/${patch.module}`, '0.1.0', { patch });
  }

  override init(): InstrumentationModuleDefinition {
    const { patch } = this.getConfig();
    const { module, file, versions } = patch;
    const apply = (exported: unknown) => {
      patch.apply(exported);
      return exported;
    };
    const undo = (exported: unknown) => {
      if (exported !== undefined) patch.undo(exported);
    };
    if (file === undefined) return new InstrumentationNodeModuleDefinition(module, versions, apply, undo);
    const inner = new InstrumentationNodeModuleFile(file, versions, apply, undo);
    return new InstrumentationNodeModuleDefinition(module, versions, undefined, undefined, [inner]);
  }
}
