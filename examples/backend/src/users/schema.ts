import { z } from 'zod';
import { pageSchema } from '../http/validate.ts';

export const newUserSchema = z.object({
  name: z.string().trim().min(1).max(100),
  email: z.email().max(254),
  /** ISO 3166-1 alpha-2. */
  country: z.string().regex(/^[A-Z]{2}$/, { error: 'expected two capital letters, as in BR' }),
  source: z.enum(['organic', 'ads', 'affiliate', 'referral']),
});

export const userSearchSchema = pageSchema.extend({
  search: z.string().trim().max(100).default(''),
});

export type NewUser = z.infer<typeof newUserSchema>;
export type UserSearch = z.infer<typeof userSearchSchema>;

export interface User {
  id: string;
  name: string;
  email: string;
  country: string;
  source: string;
  /** Decimal text: money does not fit a floating point number. */
  balance: string;
  /** ISO 8601. */
  createdAt: string;
}
