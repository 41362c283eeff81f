import type { Pool } from 'pg';
import { firstRow } from '../database/row.ts';
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
  /** One row for each of the last `days` days, days without transactions included. Slow on purpose: no index serves it. */
  report(days: number): Promise<DailyTotal[]>;
}

export function createTransactionRepository(pool: Pool): TransactionRepository {
  return {
    async add(type, status, { userId, amount, currency }) {
      return firstRow(
        await pool.query<Transaction>(
          `INSERT INTO transactions (user_id, type, status, amount, currency) VALUES ($1, $2, $3, $4, $5) RETURNING ${COLUMNS}`,
          [userId, type, status, amount, currency],
        ),
      );
    },

    async completeDeposit(id) {
      return firstRow(
        await pool.query<Transaction>(
          `WITH paid AS (UPDATE transactions SET status = 'completed' WHERE id = $1 AND status = 'pending' RETURNING *),
             credited AS (UPDATE users SET balance = balance + paid.amount FROM paid WHERE users.id = paid.user_id)
           SELECT ${COLUMNS} FROM paid`,
          [id],
        ),
      );
    },

    async failDeposit(id) {
      await pool.query(`UPDATE transactions SET status = 'failed' WHERE id = $1 AND status = 'pending'`, [id]);
    },

    async withdraw({ userId, amount, currency }) {
      const { rows } = await pool.query<Transaction>(
        `WITH debited AS (UPDATE users SET balance = balance - $2 WHERE id = $1 AND balance >= $2 RETURNING id)
         INSERT INTO transactions (user_id, type, status, amount, currency)
         SELECT id, 'withdrawal', 'completed', $2, $3 FROM debited RETURNING ${COLUMNS}`,
        [userId, amount, currency],
      );
      return rows[0];
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
