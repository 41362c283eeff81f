import { z } from 'zod';
import { BackendError } from '../errors.ts';

/**
 * `value` as `schema` describes it.
 * @param where what is being read, for the message: `body`, `query`, the name of a path parameter
 * @throws {BackendError} `INVALID_REQUEST` that names each wrong field and what is expected
 */
export function validate<Schema extends z.ZodType>(schema: Schema, value: unknown, where: string): z.output<Schema> {
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${[where, ...issue.path].join('.')}: ${issue.message}`);
  throw new BackendError('INVALID_REQUEST', problems.join('; '));
}

export const pageSchema = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  offset: z.coerce.number().int().min(0).max(100_000).default(0),
});

export const idSchema = z.uuid();
