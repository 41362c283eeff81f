import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis';
import { RedisInstrumentation } from '@opentelemetry/instrumentation-redis';
import { countCacheAccess } from './cache.ts';

/** `ioredis`; commands outside of any trace are measured too, so they make spans, as those of the other clients do. */
export function createIoredisInstrumentation(): IORedisInstrumentation {
  return new IORedisInstrumentation({ requireParentSpan: false, responseHook: countCacheAccess });
}

/** `redis` (node-redis). */
export function createRedisInstrumentation(): RedisInstrumentation {
  return new RedisInstrumentation({ responseHook: countCacheAccess });
}
