import {
  InstrumentationBase,
  InstrumentationNodeModuleDefinition,
  InstrumentationNodeModuleFile,
  type Instrumentation,
  type InstrumentationConfig,
  type InstrumentationModuleDefinition,
} from '@opentelemetry/instrumentation';

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

const originals = new WeakMap<object, unknown>();

/** Replaces a method by what `wrap` makes of it, once: a method that is wrapped here already stays. */
export function wrapMethod<T extends object, K extends keyof T & string>(
  target: T,
  name: K,
  wrap: (original: T[K]) => T[K],
): void {
  const original = target[name];
  if (typeof original !== 'function' || originals.has(original)) return;
  const wrapper = wrap(original);
  originals.set(wrapper as object, original);
  const descriptor = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, {
    configurable: true,
    writable: true,
    enumerable: descriptor?.enumerable ?? false,
    value: wrapper,
  });
}

/** Puts the original method back. */
export function unwrapMethod<T extends object>(target: T, name: keyof T & string): void {
  const original = originals.get(target[name] as object);
  if (original !== undefined) Object.assign(target, { [name]: original });
}
