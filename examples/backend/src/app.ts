import { metricsHandler } from '@crmbet/metrics';
import express, { type Express } from 'express';
import type { Pool } from 'pg';
import { accessLog } from './http/access-log.ts';
import { errorHandler, notFound } from './http/error-handler.ts';
import { health } from './http/health.ts';
import { predictionRoutes, type PredictionRouteServices } from './predictions/routes.ts';
import { transactionRoutes } from './transactions/routes.ts';
import type { TransactionServices } from './transactions/service.ts';
import { userRoutes } from './users/routes.ts';

/** What the routes work with. */
export interface Services extends TransactionServices, PredictionRouteServices {
  pool: Pool;
}

/** The HTTP application. Nothing here knows of traces: the preload does. */
export function createApp(services: Services): Express {
  const app = express();
  app.disable('x-powered-by');

  app.get('/health', health(services.pool));
  app.get('/metrics', metricsHandler());

  app.use(accessLog(services.log));
  app.use(express.json({ limit: '64kb' }));
  app.use('/api/users', userRoutes(services));
  app.use('/api/transactions', transactionRoutes(services));
  app.use('/api/predictions', predictionRoutes(services));

  app.use(notFound);
  app.use(errorHandler(services.log));
  return app;
}
