import type { Instrumentation } from '@opentelemetry/instrumentation';
import { createModulePatch, unwrapMethod, wrapMethod } from '../module-patch.ts';
import { nameRoute } from './route.ts';

const matchedKey = Symbol('crmbet.otel.koa_route');
const routerKey = Symbol('crmbet.otel.koa_router');
const pathKey = Symbol('crmbet.otel.koa_path');

/**
 * The context of a request. `@koa/router` and `koa-router` write the template that matched to `_matchedRoute`, and
 * `koa-route` to `routePath`.
 */
interface KoaContext {
  [matchedKey]?: unknown;
  [pathKey]?: unknown;
  /** Router that wrote it. */
  [routerKey]?: unknown;
  /** Router that runs now. */
  readonly router?: unknown;
  /** Where `koa-mount` has mounted what runs now. */
  readonly mountPath?: string;
}
interface Koa {
  /** Prototype of the contexts of this application. */
  readonly context: object;
  callback(...args: unknown[]): unknown;
}

/**
 * Koa 2 and 3 with @koa/router, koa-router or koa-route: names the route, and makes no spans. The published instrumentation names
 * a route only together with a span for every middleware.
 */
export function createKoaInstrumentation(): Instrumentation {
  return createModulePatch<{ prototype: Koa } | { default: { prototype: Koa } }>({
    module: 'koa',
    versions: ['>=2.0.0 <4'],
    apply: (koa) => wrapMethod(prototypeOf(koa), 'callback', watchingRoute),
    undo: (koa) => unwrapMethod(prototypeOf(koa), 'callback'),
  });
}

/** An ES module has the class as its default export. */
function prototypeOf(koa: { prototype: Koa } | { default: { prototype: Koa } }): Koa {
  return 'default' in koa ? koa.default.prototype : koa.prototype;
}

function watchingRoute(original: Koa['callback']): Koa['callback'] {
  return function callback(this: Koa, ...args: unknown[]) {
    if (!Object.hasOwn(this.context, '_matchedRoute')) Object.defineProperties(this.context, watched);
    return original.apply(this, args);
  };
}

/** The route is known when a router matches, not only when the response is done. */
const watched: PropertyDescriptorMap = {
  _matchedRoute: {
    configurable: true,
    get(this: KoaContext) {
      return this[matchedKey];
    },
    set(this: KoaContext, matched: unknown) {
      this[matchedKey] = matched;
      // A router writes it first, and again for each of its middleware: one that turns the request away must not leave its own.
      if (this.router !== undefined && this[routerKey] === this.router) return;
      this[routerKey] = this.router;
      nameTemplate(this, matched);
    },
  },
  routePath: {
    configurable: true,
    get(this: KoaContext) {
      return this[pathKey];
    },
    set(this: KoaContext, matched: unknown) {
      this[pathKey] = matched;
      nameTemplate(this, matched);
    },
  },
};

function nameTemplate({ mountPath = '' }: KoaContext, matched: unknown): void {
  const template = matched instanceof RegExp ? String(matched) : matched;
  if (typeof template === 'string') nameRoute(mountPath + template);
}
