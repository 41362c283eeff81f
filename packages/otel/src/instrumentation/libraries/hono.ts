import type { Instrumentation } from '@opentelemetry/instrumentation';
import { createModulePatch, unwrapMethod, wrapMethod } from '../module-patch.ts';
import { nameRoute } from './route.ts';

/** What was given to `app.get` and so on, as Hono keeps it; `path` has the base paths of the applications around it. */
interface Registered {
  readonly path: string;
  readonly handler: (...args: never[]) => unknown;
}
type Match = (this: unknown, method: string, path: string) => readonly [readonly [readonly [unknown, Registered]][]];
interface Router {
  match: Match;
}
interface HonoClass {
  new (...args: unknown[]): { router: Router };
}

/**
 * Hono 4 on Node.js: names the route, and makes no spans. `@hono/otel` is middleware that an application adds by
 * itself. Routes are matched by the router of the outermost application, so that is where their names come from.
 */
export function createHonoInstrumentation(): Instrumentation {
  return createModulePatch<{ Hono: HonoClass }>({
    module: 'hono',
    versions: ['>=4.0.0 <5'],
    apply: (hono) => wrapMethod(hono, 'Hono', watchingRouter),
    undo: (hono) => unwrapMethod(hono, 'Hono'),
  });
}

function watchingRouter(Hono: HonoClass): HonoClass {
  return new Proxy(Hono, {
    construct(target, args, newTarget) {
      const app = Reflect.construct(target, args, newTarget) as { router: Router };
      watch(app.router);
      return app;
    },
  });
}

/** Hono's routers replace their own `match` when the first request comes, so it is watched as a property. */
function watch(router: Router): void {
  let match = router.match;
  const noting: Match = function noting(this: unknown, method, path) {
    const result = match.call(this, method, path);
    nameRoute(routeOf(result[0].map(([[, registered]]) => registered)));
    return result;
  };
  Object.defineProperty(router, 'match', {
    configurable: true,
    enumerable: true,
    get: () => noting,
    set(replacement: Match) {
      match = replacement;
    },
  });
}

/** The last handler that matched. Middleware is what takes `next`, as Hono's own `showRoutes` tells them apart. */
function routeOf(matched: readonly Registered[]): string | undefined {
  return matched.findLast(({ handler }) => handler.length < 2)?.path;
}
