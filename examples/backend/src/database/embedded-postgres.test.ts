import { Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.ts';

let postgres: EmbeddedPostgres;
let pool: Pool;

beforeAll(async () => {
  postgres = await startEmbeddedPostgres();
  pool = new Pool({ connectionString: postgres.url, max: 8 });
});

afterAll(async () => {
  await pool.end();
  await postgres.close();
});

test('answers eight connections at once, each with its own values', async () => {
  const numbers = Array.from({ length: 200 }, (_, index) => index);
  const results = await Promise.all(
    numbers.map(async (number) => {
      const { rows } = await pool.query<{ number: number; text: string }>(
        'SELECT $1::int AS number, $2::text AS text',
        [number, `text ${number}`],
      );
      return rows[0];
    }),
  );
  expect(results).toEqual(numbers.map((number) => ({ number, text: `text ${number}` })));
});

test('keeps a transaction apart from other connections', async () => {
  await pool.query('CREATE TABLE marks (mark text)');
  const client = await pool.connect();
  await client.query('BEGIN');
  await client.query('INSERT INTO marks VALUES ($1)', ['in the transaction']);
  const outside = pool.query('SELECT count(*)::int AS count FROM marks');
  await client.query('ROLLBACK');
  client.release();
  expect((await outside).rows).toEqual([{ count: 0 }]);
});

test('an error of one statement is an error of one query', async () => {
  await expect(pool.query('SELECT nothing FROM nowhere WHERE id = $1', [1])).rejects.toThrow('nowhere');
  await expect(pool.query('SELECT 1 AS one')).resolves.toMatchObject({ rows: [{ one: 1 }] });
});

test('ends its process when it is closed', async () => {
  const other = await startEmbeddedPostgres();
  await other.close();
  const late = new Pool({ connectionString: other.url });
  await expect(late.query('SELECT 1')).rejects.toThrow('ECONNREFUSED');
  await late.end();
});
