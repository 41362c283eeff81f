import { Server } from 'node:net';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { claimScope, releaseScope } from './claimed-scopes.ts';
import { installHttpClient } from './http-client.ts';
import { isBound } from './http-events.ts';
import { createRequestObserver } from './http-server.ts';
import { unwrapMethod, wrapMethod } from './wrap-method.ts';

type Emit = Server['emit'];

const published = '@opentelemetry/instrumentation-http';

/** Events of a server that bring a request and its response; the second comes instead of the first with `Expect: 100-continue`, if somebody listens. */
const requestEvents: ReadonlySet<unknown> = new Set(['request', 'checkContinue', 'checkExpectation']);

/**
 * Servers and clients of `node:http`, `node:https` and, for its request and response objects, `node:http2`. The servers
 * all inherit from that of `node:net`: one wrapped method does for all of them, and loads none.
 */
export function createHttpInstrumentation(): { disable(): void } {
  claimScope(published);
  const observe = createRequestObserver();
  const prototype = Server.prototype;
  wrapMethod(prototype, 'emit', (original) => {
    return function emit(this: Server, ...args: unknown[]): boolean {
      const [event, request, response] = args as [unknown, IncomingMessage, ServerResponse];
      // A listener of `checkContinue` hands the same request on as `request`.
      if (!requestEvents.has(event) || isBound(request)) return Reflect.apply(original, this, args);
      return observe(request, response, () => Reflect.apply(original, this, args));
    } as Emit;
  });
  const removeClient = installHttpClient();
  return {
    disable() {
      releaseScope(published);
      unwrapMethod(prototype, 'emit');
      removeClient();
    },
  };
}
