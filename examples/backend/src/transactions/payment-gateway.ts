/** Stand-in for the payment provider: answers after a while and refuses a share of the payments. */
import { setTimeout as wait } from 'node:timers/promises';
import { BackendError } from '../errors.ts';

export interface PaymentGateway {
  /**
   * Takes the money from the customer.
   * @throws {BackendError} `PAYMENT_FAILED` when the provider refuses
   */
  charge(transactionId: string, amount: number, currency: string): Promise<void>;
}

export interface PaymentGatewayOptions {
  /** 0 to 1. */
  failureRate: number;
  /** In [0, 1); tests give their own. */
  random?: () => number;
}

export function createPaymentGateway({ failureRate, random = Math.random }: PaymentGatewayOptions): PaymentGateway {
  return {
    async charge() {
      await wait(15 + random() * 60);
      if (random() < failureRate) throw new BackendError('PAYMENT_FAILED', 'The payment provider refused the payment');
    },
  };
}
