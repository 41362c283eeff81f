import { once } from 'node:events';
import { connect } from 'node:net';
import { Pool, type PoolClient } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.ts';

/** A message of PostgreSQL's wire protocol. */
function message(type: string, content: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(content.length + 4);
  return Buffer.concat([Buffer.from(type), length, Buffer.from(content, 'latin1')]);
}

/** Fewer than the connections that the server takes: one test brings its own. */
const MAX_CLIENTS = 6;

let postgres: EmbeddedPostgres;
let pool: Pool;

beforeAll(async () => {
  postgres = await startEmbeddedPostgres();
  pool = new Pool({ connectionString: postgres.url, max: MAX_CLIENTS });
});

afterAll(async () => {
  await pool.end();
  await postgres.close();
});

test('answers many connections at once, each with its own statements, values and transactions', async () => {
  const ask = async (client: Pool | PoolClient, width: number) => {
    // Each width is another statement, which does not fit the values of the others.
    const values = Array.from({ length: width }, (_, column) => width * 100 + column);
    const columns = values.map((_, column) => `$${column + 1}::int AS c${column}`);
    const { rows } = await client.query(`SELECT ${columns.join(', ')}`, values);
    expect(rows).toEqual([Object.fromEntries(values.map((value, column) => [`c${column}`, value]))]);
  };
  const work = async (width: number) => {
    for (let round = 0; round < 30; round += 1) {
      await ask(pool, width);
      const client = await pool.connect();
      await client.query('BEGIN');
      await ask(client, width + 1);
      await client.query('COMMIT');
      client.release();
    }
  };
  await Promise.all([1, 3, 5, 7, 9, 11, 13].map(work));
});

test('goes on when a connection is cut off in the middle of a query', async () => {
  const { port, hostname } = new URL(postgres.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  // StartupMessage (protocol 3.0, user postgres), then a Parse without its Sync.
  socket.write(message('', `\0\x03\0\0user\0postgres\0\0`));
  await once(socket, 'data');
  socket.write(message('P', '\0SELECT 1\0\0\0'));
  await once(socket, 'data');
  socket.destroy();
  await expect(pool.query('SELECT $1::int AS one', [1])).resolves.toMatchObject({ rows: [{ one: 1 }] });
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
