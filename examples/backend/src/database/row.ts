import { BackendError } from '../errors.ts';

/**
 * The first row of a result that must have one (`INSERT … RETURNING`, an aggregate).
 * @throws {BackendError} `DATABASE_FAILED` when there is none
 */
export function firstRow<Row>(result: { rows: Row[] }): Row {
  const row = result.rows[0];
  if (row === undefined) throw new BackendError('DATABASE_FAILED', 'A statement that returns a row returned none');
  return row;
}

/** Whether `error` is PostgreSQL's unique_violation (SQLSTATE 23505). */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505';
}
