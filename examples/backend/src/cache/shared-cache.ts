/** The cache layer that processes share, in Redis. A cache that fails is a cache that misses: nothing here rejects. */
import { Redis } from 'ioredis';
import type { AppLogger } from '../logging.ts';

export interface SharedCache {
  get<T extends object>(key: string): Promise<T | undefined>;
  set(key: string, value: object, ttlSeconds: number): Promise<void>;
  delete(key: string): Promise<void>;
  close(): void;
}

export function openSharedCache(redisUrl: string, log: AppLogger): SharedCache {
  // Without the offline queue a command fails at once while Redis is away instead of making its request wait.
  const redis = new Redis(redisUrl, { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 500 });
  let away = false;
  redis.on('error', (error: Error) => {
    if (!away) log.warn('Redis is away, going on without the shared cache', { reason: error.message });
    away = true;
  });
  redis.on('ready', () => {
    if (away) log.info('Redis is back');
    away = false;
  });

  const attempt = async <T>(command: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await command();
    } catch (error) {
      log.debug('Redis command failed', { reason: String(error) });
      return undefined;
    }
  };

  return {
    async get<T extends object>(key: string) {
      const text = await attempt(() => redis.get(key));
      return text ? (JSON.parse(text) as T) : undefined;
    },
    async set(key, value, ttlSeconds) {
      await attempt(() => redis.set(key, JSON.stringify(value), 'EX', ttlSeconds));
    },
    async delete(key) {
      await attempt(() => redis.del(key));
    },
    close: () => redis.disconnect(),
  };
}
