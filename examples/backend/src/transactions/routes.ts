import { Router } from 'express';
import { idSchema, validate } from '../http/validate.ts';
import { newTransactionSchema, reportSchema } from './schema.ts';
import { deposit, withdraw, type TransactionServices } from './service.ts';

export function transactionRoutes(services: TransactionServices): Router {
  const { transactions, users } = services;
  const router = Router();

  router.post('/deposits', async (request, response) => {
    response.status(201).json(await deposit(services, validate(newTransactionSchema, request.body, 'body')));
  });

  router.post('/withdrawals', async (request, response) => {
    response.status(201).json(await withdraw(services, validate(newTransactionSchema, request.body, 'body')));
  });

  router.get('/report', async (request, response) => {
    const { days } = validate(reportSchema, request.query, 'query');
    response.json({ days: await transactions.report(days) });
  });

  router.get('/users/:userId', async (request, response) => {
    const user = await users.get(validate(idSchema, request.params.userId, 'userId'));
    response.json({ transactions: await transactions.history(user.id) });
  });

  return router;
}
