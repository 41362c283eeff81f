import { parseArgs } from 'node:util';
import { z } from 'zod';
import { BackendError } from '../errors.ts';

export const LOAD_USAGE = `Usage: node dist/load/main.js [options]

  --url URL            the backend (default http://127.0.0.1:3000)
  --rate N             requests started a second, 1 to 1000 (default 20)
  --duration SECONDS   how long, 1 to 86400 (default 60)
  --help
`;

const schema = z.object({
  url: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:3000'),
  rate: z.coerce.number().min(1).max(1000).default(20),
  duration: z.coerce.number().min(1).max(86_400).default(60),
});

export interface LoadOptions {
  url: string;
  ratePerSecond: number;
  durationSeconds: number;
}

/**
 * What the command line asks for; `undefined` when it asks for help.
 * @throws {BackendError} `INVALID_CONFIG` that says which option is wrong
 */
export function parseLoadOptions(args: string[]): LoadOptions | undefined {
  const { values } = readArguments(args);
  if (values.help) return undefined;
  const parsed = schema.safeParse(values);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`);
    throw new BackendError('INVALID_CONFIG', problems.join('; '));
  }
  return { url: parsed.data.url, ratePerSecond: parsed.data.rate, durationSeconds: parsed.data.duration };
}

function readArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        url: { type: 'string' },
        rate: { type: 'string' },
        duration: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new BackendError('INVALID_CONFIG', error instanceof Error ? error.message : String(error), { cause: error });
  }
}
