import { parseArgs } from 'node:util';
import { DemoError } from './error.ts';

export const USAGE = `Usage: npm run demo -- [options]

Starts crmbet-otel up, the example backend under the preload and a load on it, until Ctrl-C.

  --check          run a short load, then look up two requests by their correlation IDs; exit 0 when the
                   trace, logs and metrics of both are all found, else 1
  --data FILE      keep the telemetry in FILE (default: a file in .cache that is deleted in the end)
  --any-port       take free ports; without it, only for those of 4317, 4318, 4319 and 3000 that are taken
  --rate N         requests a second, 1 to 1000 (default 20)
  --help
`;

export interface DemoOptions {
  check: boolean;
  /** Absent: a temporary file. */
  dataFile: string | undefined;
  anyPort: boolean;
  ratePerSecond: number;
}

/**
 * What the command line asks for; `undefined` when it asks for help.
 * @throws {DemoError} `BAD_OPTION`
 */
export function parseOptions(args: string[]): DemoOptions | undefined {
  const values = readArguments(args);
  if (values.help) return undefined;
  const ratePerSecond = Number(values.rate);
  if (!(ratePerSecond >= 1 && ratePerSecond <= 1000)) {
    throw new DemoError('BAD_OPTION', `--rate ${values.rate}: expected a number from 1 to 1000`);
  }
  return { check: values.check, dataFile: values.data, anyPort: values['any-port'], ratePerSecond };
}

function readArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        check: { type: 'boolean', default: false },
        data: { type: 'string' },
        'any-port': { type: 'boolean', default: false },
        rate: { type: 'string', default: '20' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new DemoError('BAD_OPTION', error instanceof Error ? error.message : String(error), { cause: error });
  }
}
