import { ROOT_CONTEXT, type Context } from '@opentelemetry/api';

/** Longest chain; past it a context is made again from the values that are seen. */
const maxDepth = 12;

/**
 * A context that is its parent and one value. The API's own copies all values into a new map for each one that is set;
 * a request sets several and reads few.
 */
export class LinkedContext implements Context {
  readonly #parent: Context;
  readonly #key: symbol;
  readonly #value: unknown;
  readonly #depth: number;

  private constructor(parent: Context, key: symbol, value: unknown) {
    this.#parent = parent;
    this.#key = key;
    this.#value = value;
    this.#depth = parent instanceof LinkedContext ? parent.#depth + 1 : 1;
  }

  /** `parent` with `value` at `key`. */
  static with(parent: Context, key: symbol, value: unknown): Context {
    const isDeep = parent instanceof LinkedContext && parent.#depth >= maxDepth;
    return new LinkedContext(isDeep ? LinkedContext.#flatten(parent) : parent, key, value);
  }

  getValue(key: symbol): unknown {
    return key === this.#key ? this.#value : this.#parent.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    return LinkedContext.with(this, key, value);
  }

  deleteValue(key: symbol): Context {
    return LinkedContext.with(this, key, undefined);
  }

  /** Without what is hidden: otherwise work that goes on from itself for ever would keep every context it had. */
  static #flatten(context: LinkedContext): Context {
    const seen = new Map<symbol, unknown>();
    let rest: Context = context;
    while (rest instanceof LinkedContext) {
      if (!seen.has(rest.#key)) seen.set(rest.#key, rest.#value);
      rest = rest.#parent;
    }
    let flat = rest;
    for (const [key, value] of seen) if (value !== undefined) flat = flat.setValue(key, value);
    return flat;
  }
}

/** The root of the contexts of requests: no value, and all that are set on it are linked. */
export const LINKED_ROOT: Context = {
  getValue: () => undefined,
  setValue: (key, value) => LinkedContext.with(ROOT_CONTEXT, key, value),
  deleteValue: () => LINKED_ROOT,
};
