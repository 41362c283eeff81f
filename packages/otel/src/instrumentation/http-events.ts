import type { EventEmitter } from 'node:events';
import { context, type Context } from '@opentelemetry/api';

const bindingKey = Symbol('crmbet.otel.http_binding');

/** What the events of one request or response are bound to. */
export interface EventBinding {
  /** Context that listeners run in. */
  readonly ctx: Context;
  /** Called with every event before its listeners are. */
  onEvent(event: string | symbol, emitter: EventEmitter, argument: unknown): void;
}

type Emit = EventEmitter['emit'];
interface Bound extends EventEmitter {
  [bindingKey]?: EventBinding;
}

/** Prototypes whose `emit` knows bindings. */
const prepared = new WeakSet<object>();

/**
 * Binds the events of a request or response: they come from the connection, outside of the request's context. One
 * wrapper on the prototype costs less than one for each listener, and no listener of ours is to be seen.
 */
export function bindEvents(emitter: EventEmitter, binding: EventBinding): void {
  const prototype = Object.getPrototypeOf(emitter) as EventEmitter;
  if (!prepared.has(prototype)) prepare(prototype);
  (emitter as Bound)[bindingKey] = binding;
}

/** Whether the events of `emitter` are bound. */
export function isBound(emitter: EventEmitter): boolean {
  return (emitter as Bound)[bindingKey] !== undefined;
}

function prepare(prototype: EventEmitter): void {
  prepared.add(prototype);
  const { emit } = prototype;
  const emitBound = function (this: Bound, ...args: Parameters<Emit>): boolean {
    const binding = this[bindingKey];
    if (binding === undefined) return Reflect.apply(emit, this, args);
    binding.onEvent(args[0], this, args[1]);
    if (context.active() === binding.ctx) return Reflect.apply(emit, this, args);
    return context.with(binding.ctx, () => Reflect.apply(emit, this, args));
  };
  Object.defineProperty(prototype, 'emit', { configurable: true, writable: true, value: emitBound });
}
