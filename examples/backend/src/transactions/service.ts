/** Money in and out, with what the business wants counted. */
import { metricsCollector } from '@crmbet/metrics';
import { BackendError } from '../errors.ts';
import type { UserEvents } from '../events/user-events.ts';
import type { AppLogger } from '../logging.ts';
import type { UserRepository } from '../users/repository.ts';
import type { PaymentGateway } from './payment-gateway.ts';
import type { TransactionRepository } from './repository.ts';
import type { NewTransaction, Transaction, TransactionStatus, TransactionType } from './schema.ts';

export interface TransactionServices {
  transactions: TransactionRepository;
  users: UserRepository;
  gateway: PaymentGateway;
  events: UserEvents;
  log: AppLogger;
}

/**
 * Charges the customer through the payment provider and credits the balance.
 * @throws {BackendError} `NOT_FOUND` (user), `PAYMENT_FAILED`: the deposit is kept as failed
 */
export async function deposit(services: TransactionServices, request: NewTransaction): Promise<Transaction> {
  const { transactions, users, gateway, log } = services;
  await users.get(request.userId);
  const pending = await transactions.add('deposit', 'pending', request);
  try {
    await gateway.charge(pending.id, request.amount, request.currency);
  } catch (error) {
    await transactions.failDeposit(pending.id);
    count('deposit', 'failed', request);
    log.warn('Deposit failed', { transactionId: pending.id, userId: request.userId, reason: String(error) });
    throw error;
  }
  const completed = await transactions.completeDeposit(pending.id);
  await finish(services, completed, request);
  return completed;
}

/**
 * Takes money from the balance.
 * @throws {BackendError} `NOT_FOUND` (user), `INSUFFICIENT_FUNDS`: the withdrawal is kept as rejected
 */
export async function withdraw(services: TransactionServices, request: NewTransaction): Promise<Transaction> {
  const { transactions, users, log } = services;
  await users.get(request.userId);
  const completed = await transactions.withdraw(request);
  if (!completed) {
    const rejected = await transactions.add('withdrawal', 'rejected', request);
    count('withdrawal', 'rejected', request);
    log.warn('Withdrawal rejected', {
      transactionId: rejected.id,
      userId: request.userId,
      reason: 'insufficient funds',
    });
    throw new BackendError('INSUFFICIENT_FUNDS', 'The balance is smaller than the amount');
  }
  await finish(services, completed, request);
  return completed;
}

async function finish(services: TransactionServices, transaction: Transaction, request: NewTransaction) {
  const { id, userId, type, status } = transaction;
  await services.users.changed(userId);
  count(type, status, request);
  services.log.logTransaction(id, userId, type, request.amount);
  services.events.publish('transaction.completed', userId, { transactionId: id, type, amount: request.amount });
}

function count(type: TransactionType, status: TransactionStatus, { amount, currency }: NewTransaction): void {
  metricsCollector.trackTransaction(type, status, amount, currency);
}
