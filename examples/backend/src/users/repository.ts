import type { Pool } from 'pg';
import type { Cache } from '../cache/cache.ts';
import { firstRow, isUniqueViolation } from '../database/row.ts';
import { BackendError } from '../errors.ts';
import type { NewUser, User, UserSearch } from './schema.ts';

const COLUMNS = 'id, name, email, country, source, balance, created_at AS "createdAt"';
const CACHE_KEY_TYPE = 'user';

export interface UserRepository {
  /** @throws {BackendError} `CONFLICT` when the e-mail address is taken */
  add(user: NewUser): Promise<User>;
  /** @throws {BackendError} `NOT_FOUND` */
  get(id: string): Promise<User>;
  /** Newest first; `search` is a part of the name or of the e-mail address. */
  find(query: UserSearch): Promise<User[]>;
  /** To be called when a user's row has changed. */
  changed(id: string): Promise<void>;
}

export function createUserRepository(pool: Pool, cache: Cache): UserRepository {
  return {
    async add(user) {
      try {
        return firstRow(
          await pool.query<User>(
            `INSERT INTO users (name, email, country, source) VALUES ($1, $2, $3, $4) RETURNING ${COLUMNS}`,
            [user.name, user.email.toLowerCase(), user.country, user.source],
          ),
        );
      } catch (error) {
        if (isUniqueViolation(error)) {
          throw new BackendError('CONFLICT', 'A user with this e-mail address exists', { cause: error });
        }
        throw error;
      }
    },

    async get(id) {
      const user = await cache.getOrLoad(CACHE_KEY_TYPE, id, async () => {
        const { rows } = await pool.query<User>(`SELECT ${COLUMNS} FROM users WHERE id = $1`, [id]);
        return rows[0];
      });
      if (!user) throw new BackendError('NOT_FOUND', `No user ${id}`);
      return user;
    },

    async find({ search, limit, offset }) {
      const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
      const { rows } = await pool.query<User>(
        `SELECT ${COLUMNS} FROM users WHERE name ILIKE $1 OR email ILIKE $1 ORDER BY created_at DESC LIMIT $2 OFFSET $3`,
        [pattern, limit, offset],
      );
      return rows;
    },

    changed: (id) => cache.forget(CACHE_KEY_TYPE, id),
  };
}
