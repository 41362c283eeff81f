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
