import type * as Knex from '@opentelemetry/instrumentation-knex';
import type * as Memcached from '@opentelemetry/instrumentation-memcached';
import type * as MongoDb from '@opentelemetry/instrumentation-mongodb';
import type * as Mongoose from '@opentelemetry/instrumentation-mongoose';
import type * as MySql2 from '@opentelemetry/instrumentation-mysql2';
import type { LibraryEntry } from './entry.ts';
import { withMeters } from './with-meters.ts';

/** Databases and caches. Values in statements stay in the process: masked here where the default is to send them. */
export const databases: readonly LibraryEntry[] = [
  {
    name: 'mysql2',
    modules: ['mysql2'],
    create() {
      const { MySQL2Instrumentation } = require('@opentelemetry/instrumentation-mysql2') as typeof MySql2;
      return new MySQL2Instrumentation({ maskStatement: true });
    },
  },
  {
    name: 'mongodb',
    modules: ['mongodb'],
    create() {
      const { MongoDBInstrumentation } = require('@opentelemetry/instrumentation-mongodb') as typeof MongoDb;
      return withMeters(new MongoDBInstrumentation({ requireParentSpan: false }));
    },
  },
  {
    name: 'mongoose',
    modules: ['mongoose'],
    create() {
      const { MongooseInstrumentation } = require('@opentelemetry/instrumentation-mongoose') as typeof Mongoose;
      return new MongooseInstrumentation();
    },
  },
  {
    name: 'memcached',
    modules: ['memcached'],
    create() {
      const { MemcachedInstrumentation } = require('@opentelemetry/instrumentation-memcached') as typeof Memcached;
      return new MemcachedInstrumentation();
    },
  },
  {
    name: 'knex',
    modules: ['knex'],
    create() {
      const { KnexInstrumentation } = require('@opentelemetry/instrumentation-knex') as typeof Knex;
      return new KnexInstrumentation();
    },
  },
];
