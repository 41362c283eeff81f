import { metricsCollector } from '@crmbet/metrics';
import { Router } from 'express';
import type { UserEvents } from '../events/user-events.ts';
import { idSchema, validate } from '../http/validate.ts';
import type { AppLogger } from '../logging.ts';
import type { UserRepository } from './repository.ts';
import { newUserSchema, userSearchSchema } from './schema.ts';

export interface UserRouteServices {
  users: UserRepository;
  events: UserEvents;
  log: AppLogger;
}

export function userRoutes({ users, events, log }: UserRouteServices): Router {
  const router = Router();

  router.post('/', async (request, response) => {
    const user = await users.add(validate(newUserSchema, request.body, 'body'));
    metricsCollector.trackUserRegistration(user.country, user.source);
    log.logUserAction(user.id, 'registered', { country: user.country, source: user.source });
    events.publish('user.registered', user.id, { country: user.country, source: user.source });
    response.status(201).location(`${request.baseUrl}/${user.id}`).json(user);
  });

  router.get('/', async (request, response) => {
    response.json({ users: await users.find(validate(userSearchSchema, request.query, 'query')) });
  });

  router.get('/:userId', async (request, response) => {
    response.json(await users.get(validate(idSchema, request.params.userId, 'userId')));
  });

  return router;
}
