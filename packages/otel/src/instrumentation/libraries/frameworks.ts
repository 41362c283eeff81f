import type * as Nest from '@opentelemetry/instrumentation-nestjs-core';
import type * as FastifyModule from './fastify.ts';
import type * as HonoModule from './hono.ts';
import type * as KoaModule from './koa.ts';
import type { LibraryEntry } from './entry.ts';

/** Web frameworks. NestJS has its routes from the Express or Fastify that it runs on. */
export const frameworks: readonly LibraryEntry[] = [
  {
    name: 'fastify',
    modules: ['fastify'],
    create: () => (require('./fastify.js') as typeof FastifyModule).createFastifyInstrumentation(),
  },
  {
    name: 'koa',
    modules: ['koa'],
    create: () => (require('./koa.js') as typeof KoaModule).createKoaInstrumentation(),
  },
  {
    name: 'hono',
    modules: ['hono'],
    create: () => (require('./hono.js') as typeof HonoModule).createHonoInstrumentation(),
  },
  {
    name: 'nestjs-core',
    modules: ['@nestjs/core'],
    // Two spans inside every request, with the names of the controller and its method.
    optIn: true,
    create() {
      const { NestInstrumentation } = require('@opentelemetry/instrumentation-nestjs-core') as typeof Nest;
      return new NestInstrumentation();
    },
  },
];
