import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import { createModulePatch } from '../module-patch.ts';
import { nameRoute } from './route.ts';

interface FastifyRequest {
  /** `url` is the whole template with the prefixes of plugins; `undefined` when nothing matched. */
  readonly routeOptions: { readonly url?: string };
}
interface Fastify {
  addHook(name: 'onRequest', hook: (request: FastifyRequest, reply: unknown, done: () => void) => void): unknown;
}

/** Published by Fastify for every instance that it makes, before the application has it. */
const channel = 'fastify.initialization';

/**
 * Fastify 4 and 5: names the route, and makes no spans. `@fastify/otel` 0.21 needs SDK 2 and makes a span for every
 * hook, and the contrib package has ended. The hook is the first of its instance, so a request that a later one turns
 * away has its route too.
 */
export function createFastifyInstrumentation(): Instrumentation {
  return createModulePatch<unknown>({
    module: 'fastify',
    versions: ['>=4.10.0 <6'],
    apply: () => subscribe(channel, addRouteHook),
    undo: () => unsubscribe(channel, addRouteHook),
  });
}

function addRouteHook(message: unknown): void {
  const { fastify } = message as { fastify: Fastify };
  fastify.addHook('onRequest', (request, _reply, done) => {
    nameRoute(request.routeOptions.url);
    done();
  });
}
