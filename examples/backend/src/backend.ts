/** Puts the parts together: configuration in, a listening server out. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { metricsCollector } from '@crmbet/metrics';
import { createApp } from './app.ts';
import { createCache } from './cache/cache.ts';
import { openSharedCache } from './cache/shared-cache.ts';
import type { Config } from './config.ts';
import { openDatabase } from './database/database.ts';
import { connectUserEvents } from './events/broker.ts';
import { noUserEvents } from './events/user-events.ts';
import { createAppLogger, type AppLogger } from './logging.ts';
import { createLocalModel, createRemoteModel } from './predictions/model.ts';
import { createPredictionRepository } from './predictions/repository.ts';
import { createPaymentGateway } from './transactions/payment-gateway.ts';
import { createTransactionRepository } from './transactions/repository.ts';
import { createUserRepository } from './users/repository.ts';

const IDLE_SWEEP_MS = 50;

export interface Backend {
  port: number;
  /** Lets requests in flight end (for as long as the configuration says), then closes every connection. */
  close(): Promise<void>;
}

/**
 * Starts the backend.
 * @throws {BackendError} `DATABASE_FAILED`; the error of `listen` when the port is taken
 */
export async function startBackend(config: Config): Promise<Backend> {
  const log = createAppLogger(config);
  const database = await openDatabase(config, log);
  const shared = config.redisUrl === undefined ? undefined : await openSharedCache(config.redisUrl, log);
  const events = config.amqpUrl === undefined ? noUserEvents : await connectUserEvents(config.amqpUrl, log);
  const users = createUserRepository(database.pool, createCache(config.cacheTtlSeconds, shared));
  const server = createServer(
    createApp({
      log,
      pool: database.pool,
      users,
      events,
      transactions: createTransactionRepository(database.pool),
      gateway: createPaymentGateway({ failureRate: config.paymentFailureRate }),
      predictions: createPredictionRepository(database.pool),
      model: config.mlServiceUrl === undefined ? createLocalModel() : createRemoteModel(config.mlServiceUrl),
    }),
  );
  const closeAll = async () => {
    await closeServer(server, config.shutdownTimeoutSeconds);
    await events.close();
    shared?.close();
    await database.close();
    await log.close();
  };

  try {
    server.listen(config.port, config.host);
    await once(server, 'listening');
  } catch (error) {
    await closeAll();
    throw error;
  }
  sayWhatRuns(config, database.kind, log);
  reportModelAccuracy();
  return { port: (server.address() as AddressInfo).port, close: closeAll };
}

function sayWhatRuns(config: Config, database: string, log: AppLogger): void {
  log.info('Backend started', {
    database,
    cacheLayers: config.redisUrl === undefined ? ['memory'] : ['memory', 'redis'],
    userEvents: config.amqpUrl === undefined ? 'off: neither AMQP_URL nor RABBITMQ_URL is set' : 'on',
    model: config.mlServiceUrl === undefined ? 'local stand-in' : 'ML service',
  });
}

/** What the last evaluation of each model found; a real service would read it from its model registry. */
function reportModelAccuracy(): void {
  metricsCollector.updateMLModelAccuracy('churn', 'local-1', 0.91);
  metricsCollector.updateMLModelAccuracy('value', 'local-1', 0.87);
}

async function closeServer(server: Server, timeoutSeconds: number): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  // A connection that its client keeps open is idle as soon as its last answer is out.
  const sweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS);
  const impatient = setTimeout(() => server.closeAllConnections(), timeoutSeconds * 1000);
  await closed;
  clearInterval(sweep);
  clearTimeout(impatient);
}
