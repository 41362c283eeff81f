import type { Instrumentation } from '@opentelemetry/instrumentation';
import { enterMount, enterRoute, pathTemplate, type RoutedRequest } from './express-route.ts';
import { createModulePatch, unwrapMethod, wrapMethod } from './module-patch.ts';

type Handler = (request: RoutedRequest, response: unknown, next: (error?: unknown) => void) => unknown;
interface Layer {
  handle: Handler;
}
interface Router {
  stack: Layer[];
  use(...args: unknown[]): unknown;
  route(...args: unknown[]): unknown;
}
interface ExpressModule {
  Router: Router & { prototype?: Router };
}

/**
 * Express 4 and 5: names the route of a request by its whole template, mount paths with their parameters included,
 * and makes no spans. The published instrumentation is not used: without its spans for every middleware, the path of
 * a router that was left stays in the route, and an unmatched request gets a part of a path.
 */
export function createExpressInstrumentation(): Instrumentation {
  return createModulePatch<ExpressModule>({
    module: 'express',
    versions: ['>=4.0.0 <6'],
    apply(express) {
      const prototype = routerPrototype(express);
      wrapMethod(prototype, 'use', wrapUse);
      wrapMethod(prototype, 'route', wrapRoute);
    },
    undo(express) {
      const prototype = routerPrototype(express);
      unwrapMethod(prototype, 'use');
      unwrapMethod(prototype, 'route');
    },
  });
}

/** In Express 5 `Router` is a constructor, in Express 4 it is the prototype itself. */
function routerPrototype({ Router }: ExpressModule): Router {
  return typeof Router.prototype?.route === 'function' ? Router.prototype : Router;
}

function wrapUse(original: Router['use']): Router['use'] {
  return function use(this: Router, ...args: unknown[]) {
    const before = this.stack.length;
    const result = original.apply(this, args);
    const path = typeof args[0] === 'function' ? undefined : pathTemplate(args[0]);
    // What is mounted at the root adds nothing to a template.
    if (path !== undefined && path !== '/') {
      for (const layer of this.stack.slice(before)) layer.handle = mounted(layer.handle, path);
    }
    return result;
  };
}

function wrapRoute(original: Router['route']): Router['route'] {
  return function route(this: Router, ...args: unknown[]) {
    const result = original.apply(this, args);
    const layer = this.stack.at(-1);
    const path = pathTemplate(args[0]);
    if (layer && path !== undefined) layer.handle = routed(layer.handle, path);
    return result;
  };
}

/** Handlers of errors have four parameters, and Express tells them by that: they are left alone. */
function mounted(handle: Handler, path: string): Handler {
  if (handle.length > 3) return handle;
  return likeOriginal(handle, (request, response, next) => {
    const leave = enterMount(request, path);
    return handle(request, response, (error) => {
      leave();
      next(error);
    });
  });
}

function routed(handle: Handler, path: string): Handler {
  return likeOriginal(handle, (request, response, next) => {
    enterRoute(request, path);
    return handle(request, response, next);
  });
}

/** Tools that list routes read `layer.handle.stack`: everything but the call comes from the original. */
function likeOriginal(original: Handler, wrapper: Handler): Handler {
  return Object.setPrototypeOf(wrapper, original) as Handler;
}
