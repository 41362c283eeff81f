import type { Settings } from '../config/read.ts';
import { libraryTable } from './libraries/table.ts';
import type * as AmqplibModule from './amqplib.ts';
import type * as ExpressModule from './express.ts';
import type * as HttpModule from './http.ts';
import type * as PgPoolModule from './pg-pool.ts';
import type * as PgModule from './pg.ts';
import type * as RedisModule from './redis.ts';
import type * as UndiciModule from './undici.ts';
import type * as WinstonModule from './winston.ts';

/** An instrumentation that was made; those of OpenTelemetry are. */
export interface Installed {
  disable(): void;
}

/** One instrumentation: the modules it changes, and how it is made. Its own packages are loaded by `create`. */
export interface InstrumentationEntry {
  readonly name: string;
  /** Packages: it is made when one of them is about to be loaded. Without any (or with built-in modules), at the start. */
  readonly modules: readonly string[];
  create(settings: Settings): Installed;
}

/** Everything that is instrumented. */
export const instrumentationTable: readonly InstrumentationEntry[] = [
  {
    name: 'http',
    modules: ['http', 'https'],
    create: () => (require('./http.js') as typeof HttpModule).createHttpInstrumentation(),
  },
  {
    name: 'undici',
    modules: [],
    create: () => (require('./undici.js') as typeof UndiciModule).createUndiciInstrumentation(),
  },
  {
    name: 'express',
    modules: ['express'],
    create: () => (require('./express.js') as typeof ExpressModule).createExpressInstrumentation(),
  },
  {
    name: 'pg',
    modules: ['pg'],
    create: () => (require('./pg.js') as typeof PgModule).createPgInstrumentation(),
  },
  {
    name: 'pg-pool',
    modules: ['pg-pool'],
    create: () => (require('./pg-pool.js') as typeof PgPoolModule).createPgPoolInstrumentation(),
  },
  {
    name: 'ioredis',
    modules: ['ioredis'],
    create: () => (require('./redis.js') as typeof RedisModule).createIoredisInstrumentation(),
  },
  {
    name: 'redis',
    modules: ['redis', '@redis/client'],
    create: () => (require('./redis.js') as typeof RedisModule).createRedisInstrumentation(),
  },
  {
    name: 'amqplib',
    modules: ['amqplib'],
    create: () => (require('./amqplib.js') as typeof AmqplibModule).createAmqplibInstrumentation(),
  },
  {
    name: 'winston',
    modules: ['winston'],
    create: ({ logs }) =>
      (require('./winston.js') as typeof WinstonModule).createWinstonInstrumentation(logs.exporters.length > 0),
  },
  ...libraryTable,
];
