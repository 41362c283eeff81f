/**
 * PGlite is one session, and its socket server lets the messages of all connections at it one by one. A query of the
 * extended protocol is several messages (Parse, Bind, Describe, Execute, Sync), so that the Bind of one connection would
 * meet the Parse of another. The server keeps to one connection for as long as a transaction is open; here it is told
 * that one is until the Sync.
 */
import type { PGlite } from '@electric-sql/pglite';

/** First bytes of the messages after which another connection may have its turn: startup, Sync, Query, Terminate, password. */
const TURN_ENDS = new Set([0, ...['S', 'Q', 'X', 'p'].map((letter) => letter.charCodeAt(0))]);

/** `db` as the socket server should see it. */
export function takeTurns(db: PGlite): PGlite {
  let isTurnOpen = false;
  const changed: Partial<PGlite> = {
    isInTransaction: () => isTurnOpen || db.isInTransaction(),
    async execProtocolRawStream(message, options) {
      isTurnOpen = !TURN_ENDS.has(message[0] ?? 0);
      await db.execProtocolRawStream(message, options);
    },
    // The server rolls back for a connection that went away in its turn.
    exec(query, options) {
      isTurnOpen = false;
      return db.exec(query, options);
    },
  };
  return new Proxy(db, {
    get(target, name) {
      const value: unknown = Reflect.get(name in changed ? changed : target, name);
      return typeof value === 'function' && !(name in changed) ? value.bind(target) : value;
    },
  });
}
