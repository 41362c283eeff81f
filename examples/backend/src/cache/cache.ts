/** Read-through cache in two layers: this process's memory, then Redis where there is one. */
import { metricsCollector } from '@crmbet/metrics';
import { LRUCache } from 'lru-cache';
import type { SharedCache } from './shared-cache.ts';

const MAX_ENTRIES = 5000;
/** Other processes write too, so memory may only be behind the shared layer for a moment. */
const MEMORY_TTL_SECONDS_WITH_SHARED = 2;

export interface Cache {
  /**
   * The value kept for `id` in the family `keyType` (a label of the cache metrics: few, known names), else what `load`
   * returns, which is kept when it is not `undefined`. Values are plain JSON.
   */
  getOrLoad<T extends object>(keyType: string, id: string, load: () => Promise<T | undefined>): Promise<T | undefined>;
  /** Forgets one value in every layer. */
  forget(keyType: string, id: string): Promise<void>;
}

export function createCache(ttlSeconds: number, shared: SharedCache | undefined): Cache {
  const memoryTtlSeconds = shared ? Math.min(ttlSeconds, MEMORY_TTL_SECONDS_WITH_SHARED) : ttlSeconds;
  const memory = new LRUCache<string, object>({ max: MAX_ENTRIES, ttl: memoryTtlSeconds * 1000 });

  return {
    async getOrLoad<T extends object>(keyType: string, id: string, load: () => Promise<T | undefined>) {
      const key = `${keyType}:${id}`;
      const remembered = memory.get(key) as T | undefined;
      if (remembered) {
        metricsCollector.trackCacheHit('memory', keyType);
        return remembered;
      }
      metricsCollector.trackCacheMiss('memory', keyType);
      // Hits and misses of Redis are counted by its instrumentation.
      const found = (await shared?.get<T>(key)) ?? (await load());
      if (!found) return undefined;
      memory.set(key, found);
      await shared?.set(key, found, ttlSeconds);
      return found;
    },

    async forget(keyType, id) {
      const key = `${keyType}:${id}`;
      memory.delete(key);
      await shared?.delete(key);
    },
  };
}
