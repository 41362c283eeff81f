import { expect, test } from 'vitest';
import { loadConfig } from './config.ts';

test('runs with nothing set', () => {
  expect(loadConfig({})).toMatchObject({ port: 3000, host: '127.0.0.1', databaseUrl: undefined, amqpUrl: undefined });
});

test('an empty variable counts as absent', () => {
  expect(loadConfig({ REDIS_URL: '', PORT: '' })).toMatchObject({ redisUrl: undefined, port: 3000 });
});

test('RABBITMQ_URL is another name of AMQP_URL', () => {
  expect(loadConfig({ RABBITMQ_URL: 'amqp://broker' }).amqpUrl).toBe('amqp://broker');
  expect(loadConfig({ AMQP_URL: 'amqps://first', RABBITMQ_URL: 'amqp://second' }).amqpUrl).toBe('amqps://first');
});

test('a pool that the embedded PostgreSQL cannot fill is refused', () => {
  expect(() => loadConfig({ DATABASE_POOL_SIZE: '9' })).toThrow(/DATABASE_POOL_SIZE: .*at most 8.*DATABASE_URL/);
  expect(loadConfig({ DATABASE_POOL_SIZE: '9', DATABASE_URL: 'postgres://db' }).databasePoolSize).toBe(9);
});

test('names every wrong variable and what is allowed', () => {
  expect(() => loadConfig({ PORT: '70000', DATABASE_URL: 'mysql://x' })).toThrow(
    expect.objectContaining({
      code: 'INVALID_CONFIG',
      message: expect.stringMatching(/PORT: .*65535.*DATABASE_URL: .*postgres:\/\//),
    }),
  );
});
