import { metricsCollector } from '@crmbet/metrics';
import { Router } from 'express';
import type { UserEvents } from '../events/user-events.ts';
import { validate } from '../http/validate.ts';
import type { AppLogger } from '../logging.ts';
import type { UserRepository } from '../users/repository.ts';
import type { Model } from './model.ts';
import type { PredictionRepository } from './repository.ts';
import { modelTypeSchema, predictionRequestSchema, predictionTypes } from './schema.ts';

export interface PredictionRouteServices {
  predictions: PredictionRepository;
  users: UserRepository;
  model: Model;
  events: UserEvents;
  log: AppLogger;
}

export function predictionRoutes({ predictions, users, model, events, log }: PredictionRouteServices): Router {
  const router = Router();

  router.post('/:modelType', async (request, response) => {
    const modelType = validate(modelTypeSchema, request.params.modelType, 'modelType');
    const { userId } = validate(predictionRequestSchema, request.body, 'body');
    await users.get(userId);

    const started = performance.now();
    const score = await model.score(modelType, await predictions.features(userId));
    metricsCollector.trackMLPrediction(modelType, predictionTypes[modelType], (performance.now() - started) / 1000);

    const prediction = await predictions.add(userId, modelType, score);
    log.logMLPrediction(userId, modelType, score.score, score.confidence);
    events.publish('prediction.made', userId, { predictionId: prediction.id, modelType });
    response.status(201).json(prediction);
  });

  return router;
}
