import type { Pool, PoolClient } from 'pg';
import { firstRow } from '../database/row.ts';
import { inTransaction } from '../database/transaction.ts';
import type { DailyTotal, NewTransaction, Transaction, TransactionStatus, TransactionType } from './schema.ts';

const COLUMNS = 'id, user_id AS "userId", type, status, amount, currency, created_at AS "createdAt"';

export interface TransactionRepository {
  add(type: TransactionType, status: TransactionStatus, transaction: NewTransaction): Promise<Transaction>;
  /** Marks a pending deposit as paid and adds it to the balance, both or neither. */
  completeDeposit(id: string): Promise<Transaction>;
  failDeposit(id: string): Promise<void>;
  /** Takes the amount from the balance; `undefined` when the balance is too small, and then nothing has changed. */
  withdraw(transaction: NewTransaction): Promise<Transaction | undefined>;
  /** Newest first, at most 100. */
  history(userId: string): Promise<Transaction[]>;
  /** One row for each of the last `days` days, days without transactions included. Slow on purpose: it sleeps. */
  report(days: number): Promise<DailyTotal[]>;
}

export function createTransactionRepository(pool: Pool): TransactionRepository {
  return {
    add: (type, status, request) => insert(pool, type, status, request),

    completeDeposit(id) {
      return inTransaction(pool, async (client) => {
        const transaction = firstRow(
          await client.query<Transaction>(
            `UPDATE transactions SET status = 'completed' WHERE id = $1 AND status = 'pending' RETURNING ${COLUMNS}`,
            [id],
          ),
        );
        await client.query('UPDATE users SET balance = balance + $2 WHERE id = $1', [
          transaction.userId,
          transaction.amount,
        ]);
        return transaction;
      });
    },

    async failDeposit(id) {
      await pool.query(`UPDATE transactions SET status = 'failed' WHERE id = $1 AND status = 'pending'`, [id]);
    },

    withdraw(request) {
      return inTransaction(pool, async (client) => {
        const { rowCount } = await client.query(
          'UPDATE users SET balance = balance - $2 WHERE id = $1 AND balance >= $2',
          [request.userId, request.amount],
        );
        return rowCount === 0 ? undefined : insert(client, 'withdrawal', 'completed', request);
      });
    },

    async history(userId) {
      const { rows } = await pool.query<Transaction>(
        `SELECT ${COLUMNS} FROM transactions WHERE user_id = $1 ORDER BY created_at DESC LIMIT 100`,
        [userId],
      );
      return rows;
    },

    async report(days) {
      const { rows } = await pool.query<DailyTotal>(
        `SELECT to_char(day, 'YYYY-MM-DD') AS day, count(t.id)::int AS count,
                coalesce(sum(t.amount) FILTER (WHERE t.type = 'deposit'), 0) AS deposited,
                coalesce(sum(t.amount) FILTER (WHERE t.type = 'withdrawal'), 0) AS withdrawn
           FROM generate_series(current_date - ($1::int - 1), current_date, interval '1 day') AS day
           LEFT JOIN transactions t ON t.status = 'completed' AND t.created_at::date = day::date
           CROSS JOIN (SELECT pg_sleep(0.25)) AS slow
          GROUP BY day ORDER BY day`,
        [days],
      );
      return rows;
    },
  };
}

async function insert(
  database: Pool | PoolClient,
  type: TransactionType,
  status: TransactionStatus,
  { userId, amount, currency }: NewTransaction,
): Promise<Transaction> {
  return firstRow(
    await database.query<Transaction>(
      `INSERT INTO transactions (user_id, type, status, amount, currency) VALUES ($1, $2, $3, $4, $5) RETURNING ${COLUMNS}`,
      [userId, type, status, amount, currency],
    ),
  );
}
