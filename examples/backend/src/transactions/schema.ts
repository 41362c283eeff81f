import { z } from 'zod';

export const newTransactionSchema = z.object({
  userId: z.uuid(),
  /** At most two decimals. */
  amount: z.number().positive().max(50_000).multipleOf(0.01),
  currency: z.enum(['BRL', 'USD', 'EUR']).default('BRL'),
});

export const reportSchema = z.object({
  days: z.coerce.number().int().min(1).max(365).default(30),
});

export type NewTransaction = z.infer<typeof newTransactionSchema>;
export type TransactionType = 'deposit' | 'withdrawal';
export type TransactionStatus = 'pending' | 'completed' | 'failed' | 'rejected';

export interface Transaction {
  id: string;
  userId: string;
  type: TransactionType;
  status: TransactionStatus;
  /** Decimal text. */
  amount: string;
  currency: string;
  createdAt: string;
}

export interface DailyTotal {
  /** YYYY-MM-DD. */
  day: string;
  count: number;
  /** Decimal text. */
  deposited: string;
  withdrawn: string;
}
