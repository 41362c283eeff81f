/**
 * The process of the embedded PostgreSQL: prints its port, serves until standard input ends. Standard input is a pipe
 * from the parent, so it also ends when the parent is killed.
 */
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { takeTurns } from './take-turns.mts';

const MAX_CONNECTIONS = 8;

async function serve(): Promise<void> {
  const db = takeTurns(await PGlite.create());
  const server = new PGLiteSocketServer({ db, host: '127.0.0.1', port: 0, maxConnections: MAX_CONNECTIONS });
  await server.start();
  process.stdout.write(`${server.getServerConn().split(':').at(-1)}\n`);
}

// Before anything else: the parent may end while this starts, and then nobody reads the port.
process.stdin.on('end', () => process.exit(0)).resume();
process.stdout.on('error', () => process.exit(0));

// Ctrl-C reaches the whole group; the parent still needs its database while it ends.
process.on('SIGINT', () => undefined);
void serve().catch((error: unknown) => {
  console.error('embedded PostgreSQL:', error);
  process.exit(1);
});
