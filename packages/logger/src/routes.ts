import { accessSync, constants, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type TransportStream from 'winston-transport';
import { ConsoleTransport } from './console-transport.ts';
import { FileTransport } from './file-transport.ts';
import { OtlpTransport } from './otlp-transport.ts';
import { describeFailure, report } from './report.ts';
import { RotatingFile } from './rotating-file.ts';
import type { ResolvedOptions } from './options.ts';

/** Where a logger's records go. */
export interface Routes {
  transports: TransportStream[];
  otlp: OtlpTransport;
  console: ConsoleTransport | undefined;
  /** The files for what kills the process; absent where no files are written. */
  exceptions: RotatingFile | undefined;
  rejections: RotatingFile | undefined;
  files: RotatingFile[];
}

/** Makes the routes of a logger. A folder that cannot be written is said in one line and left out. */
export function createRoutes(options: ResolvedOptions): Routes {
  const otlp = new OtlpTransport(options.identity);
  const console = options.console === false ? undefined : new ConsoleTransport(options.console);
  // The one for OTLP first: whoever adds one to each winston logger sees at once that it has one.
  const transports: TransportStream[] = console === undefined ? [otlp] : [otlp, console];
  const directory = writableDirectory(options.directory);
  if (directory === undefined) {
    return { transports, otlp, console, exceptions: undefined, rejections: undefined, files: [] };
  }
  const { maxFileSizeBytes: maxSizeBytes, retentionDays } = options;
  const open = (pattern: string): RotatingFile => new RotatingFile({ directory, pattern, maxSizeBytes, retentionDays });
  const application = open('application-%DATE%.log');
  const errors = open('error-%DATE%.log');
  const exceptions = open('exceptions.log');
  const rejections = open('rejections.log');
  transports.push(new FileTransport(application), new FileTransport(errors, { level: 'error' }));
  return { transports, otlp, console, exceptions, rejections, files: [application, errors, exceptions, rejections] };
}

/** The folder's absolute path, so that `process.chdir` doesn't move it; `undefined` where no files are to be written. */
function writableDirectory(directory: string | false): string | undefined {
  if (directory === false) return undefined;
  const path = resolve(directory);
  try {
    mkdirSync(path, { recursive: true });
    accessSync(path, constants.W_OK);
    return path;
  } catch (error) {
    report(`no log files: the folder ${path} cannot be written (${describeFailure(error)}); set option directory`);
    return undefined;
  }
}
