/** One rule for incoming requests. */
export interface SamplingRule {
  /** Upper case; every method when absent. */
  readonly method?: string;
  /** Path; `*` is any text, `:name` one part. */
  readonly path: string;
  /** From 0 (never) to 1 (always). */
  readonly share: number;
}

/** Health checks and scrapes are many, all alike, and of no interest as traces. */
export const defaultSamplingRules: readonly SamplingRule[] = [
  '/health',
  '/health/*',
  '/ready',
  '/live',
  '/metrics',
].map((path) => ({ path, share: 0 }));

const oneRule = /^(?:([A-Za-z]+) +)?(\/[^\s=,]*|\*)=(0|1|0?\.\d{1,9}|1\.0+|0\.0*)$/;

/** The rules of `[METHOD ]/path=share,…`; `undefined` when one of them is none. */
export function parseSamplingRules(text: string): SamplingRule[] | undefined {
  const rules: SamplingRule[] = [];
  for (const part of text.split(',')) {
    const match = oneRule.exec(part.trim());
    if (match === null) return undefined;
    const [, method, path = '', share] = match;
    rules.push({ ...(method === undefined ? {} : { method: method.toUpperCase() }), path, share: Number(share) });
  }
  return rules;
}

/** The text that {@link parseSamplingRules} reads. */
export function formatSamplingRule({ method, path, share }: SamplingRule): string {
  return `${method === undefined ? '' : `${method} `}${path}=${share}`;
}
