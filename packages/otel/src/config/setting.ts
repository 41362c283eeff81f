import type { Kind } from './kinds.ts';

/** One row of the table. */
export interface Setting<T> {
  /** Environment variable. */
  readonly env: string;
  readonly kind: Kind<T>;
  /** Used when the variable is absent, empty or wrong. */
  readonly fallback: T;
  /** One sentence or two for the reference page. */
  readonly summary: string;
  /** The value is never printed. */
  readonly secret: boolean;
}

/** A row whose value may be printed. */
export function setting<T>(env: string, kind: Kind<T>, fallback: NoInfer<T>, summary: string): Setting<T> {
  return { env, kind, fallback, summary, secret: false };
}

/** A row whose value is never printed. */
export function secretSetting<T>(env: string, kind: Kind<T>, fallback: NoInfer<T>, summary: string): Setting<T> {
  return { ...setting(env, kind, fallback, summary), secret: true };
}
