import type { Instrumentation } from '@opentelemetry/instrumentation';
import type { Settings } from '../config/read.ts';

/** One instrumentation: the modules it changes, and how it is made. Its own packages are loaded by `create`. */
export interface InstrumentationEntry {
  readonly name: string;
  /** Packages and built-in modules that are hooked when they are imported. */
  readonly modules: readonly string[];
  create(settings: Settings): Instrumentation;
}

/** Everything that is instrumented. */
export const instrumentationTable: readonly InstrumentationEntry[] = [
  {
    name: 'http',
    modules: ['http', 'https'],
    create: () => (require('./http.js') as typeof import('./http.ts')).createHttpInstrumentation(),
  },
  {
    name: 'undici',
    modules: [],
    create: () => (require('./undici.js') as typeof import('./undici.ts')).createUndiciInstrumentation(),
  },
  {
    name: 'express',
    modules: ['express'],
    create: () => (require('./express.js') as typeof import('./express.ts')).createExpressInstrumentation(),
  },
  {
    name: 'pg',
    modules: ['pg'],
    create: () => (require('./pg.js') as typeof import('./pg.ts')).createPgInstrumentation(),
  },
  {
    name: 'pg-pool',
    modules: ['pg-pool'],
    create: () => (require('./pg-pool.js') as typeof import('./pg-pool.ts')).createPgPoolInstrumentation(),
  },
  {
    name: 'ioredis',
    modules: ['ioredis'],
    create: () => (require('./redis.js') as typeof import('./redis.ts')).createIoredisInstrumentation(),
  },
  {
    name: 'redis',
    modules: ['redis', '@redis/client'],
    create: () => (require('./redis.js') as typeof import('./redis.ts')).createRedisInstrumentation(),
  },
  {
    name: 'amqplib',
    modules: ['amqplib'],
    create: () => (require('./amqplib.js') as typeof import('./amqplib.ts')).createAmqplibInstrumentation(),
  },
  {
    name: 'winston',
    modules: ['winston'],
    create: ({ logs }) =>
      (require('./winston.js') as typeof import('./winston.ts')).createWinstonInstrumentation(
        logs.exporters.length > 0,
      ),
  },
];
