import { Console } from 'node:console';
import TransportStream from 'winston-transport';
import { prettyLine } from './pretty.ts';
import { MESSAGE, type LogRecord } from './record.ts';
import type { ConsoleMode } from './options.ts';

/**
 * Writes to stdout: colour for people on a terminal, one record of JSON a line elsewhere. It has a console of its own, so
 * an application that sends `console.log` to its logger makes no loop, and a reader who left (EPIPE) kills nobody.
 */
export class ConsoleTransport extends TransportStream {
  readonly pretty: boolean;
  readonly #console = new Console({ stdout: process.stdout, stderr: process.stderr, ignoreErrors: true });
  readonly #colors: boolean;

  constructor(mode: ConsoleMode) {
    super();
    this.pretty = mode === 'pretty' || (mode === 'auto' && process.stdout.isTTY);
    this.#colors = process.stdout.isTTY && process.stdout.hasColors();
  }

  override log(record: LogRecord, next: () => void): void {
    this.#console.log(this.pretty ? prettyLine(record, this.#colors) : record[MESSAGE]);
    next();
  }
}
