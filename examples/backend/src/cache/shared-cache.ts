/** The cache layer that processes share, in Redis. A cache that fails is a cache that misses: nothing here rejects. */
import { Redis } from 'ioredis';
import { reasonOf } from '../errors.ts';
import type { AppLogger } from '../logging.ts';

const CONNECT_TIMEOUT_MS = 5000;
const COMMAND_TIMEOUT_MS = 500;

export interface SharedCache {
  get<T extends object>(key: string): Promise<T | undefined>;
  set(key: string, value: object, ttlSeconds: number): Promise<void>;
  delete(key: string): Promise<void>;
  close(): void;
}

/** Resolves when Redis is ready, or away for now. */
export async function openSharedCache(redisUrl: string, log: AppLogger): Promise<SharedCache> {
  // Without the offline queue a command fails at once while Redis is away instead of making its request wait.
  const redis = new Redis(redisUrl, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
  });
  let away = false;
  redis.on('error', (error: Error) => {
    if (!away) log.warn('Redis is away, going on without the shared cache', { reason: reasonOf(error) });
    away = true;
  });
  redis.on('ready', () => {
    if (away) log.info('Redis is back');
    away = false;
  });
  await new Promise<void>((resolve) => {
    redis.once('ready', resolve).once('error', () => resolve());
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
      return attempt(async () => {
        const text = await redis.get(key);
        return text === null ? undefined : (JSON.parse(text) as T);
      });
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
