import { expect, it } from 'vitest';
import { summarizeSql } from './sql.ts';

it.each([
  ['SELECT * FROM users WHERE id = $1', 'SELECT', 'users'],
  ['select a, (select 1) from "Order Items" o join b on true', 'SELECT', 'Order Items'],
  ['SELECT now()', 'SELECT', undefined],
  ['  -- comment FROM nothing\n SELECT 1 FROM public . users', 'SELECT', 'public.users'],
  ["SELECT 'x FROM y' AS text FROM real_table", 'SELECT', 'real_table'],
  ['SELECT $tag$ FROM fake $tag$ FROM real_table', 'SELECT', 'real_table'],
  ['INSERT INTO public."Users" (a) VALUES (1)', 'INSERT', 'public.Users'],
  ['UPDATE ONLY accounts SET a = 1', 'UPDATE', 'accounts'],
  ['DELETE FROM sessions;', 'DELETE', 'sessions'],
  ['WITH recent AS (SELECT * FROM events) UPDATE totals SET n = 1 FROM recent', 'UPDATE', 'totals'],
  ['WITH a AS (DELETE FROM old RETURNING *) SELECT * FROM a', 'SELECT', 'a'],
  ['CREATE TABLE IF NOT EXISTS users (id int)', 'CREATE', 'users'],
  ['(SELECT 1 FROM a) UNION (SELECT 2 FROM b)', 'SELECT', 'a'],
  ['SELECT extract(epoch FROM now() - created_at) FROM users', 'SELECT', 'users'],
  ['SELECT extract(epoch FROM created_at)', 'SELECT', undefined],
  ['SELECT trim(both FROM name) FROM users WHERE a IS DISTINCT FROM b', 'SELECT', 'users'],
  ['SELECT * FROM generate_series(1, 3) AS n JOIN users ON true', 'SELECT', 'users'],
  ['SELECT * FROM crm.totals(1)', 'SELECT', undefined],
  ['INSERT INTO users (name) VALUES ($1)', 'INSERT', 'users'],
  ['BEGIN', 'BEGIN', undefined],
  ['commit;', 'COMMIT', undefined],
  ['', 'UNKNOWN', undefined],
  ['nonsense FROM users', 'UNKNOWN', undefined],
  ["SELECT 'never closed FROM users", 'SELECT', undefined],
])('summarizes %s', (statement, operation, table) => {
  expect(summarizeSql(statement)).toEqual({ operation, table });
});

it('looks at the beginning of a huge statement only, in little time', () => {
  const huge = `INSERT INTO measurements VALUES ${'(1, 2),'.repeat(500_000)}(1, 2)`;
  expect(summarizeSql(huge)).toEqual({ operation: 'INSERT', table: 'measurements' });
});
