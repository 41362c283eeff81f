import { isatty } from 'node:tty';
import TransportStream from 'winston-transport';
import { countDrop } from './drops.ts';
import { prettyLine } from './pretty.ts';
import { MESSAGE, type LogRecord } from './record.ts';
import { writeLine } from './standard-stream.ts';
import type { ConsoleMode } from './options.ts';

/**
 * Writes to stdout: colour for people on a terminal, one record of JSON a line elsewhere. Not through `console.log`, so
 * that an application that sends that one to its logger makes no loop.
 */
export class ConsoleTransport extends TransportStream {
  readonly pretty: boolean;
  readonly #colors: boolean;

  constructor(mode: ConsoleMode) {
    super();
    const isTerminal = isatty(process.stdout.fd);
    this.pretty = mode === 'pretty' || (mode === 'auto' && isTerminal);
    this.#colors = isTerminal && process.stdout.hasColors();
  }

  override log(record: LogRecord, next: () => void): void {
    const line = this.pretty ? prettyLine(record, this.#colors) : (record[MESSAGE] ?? '');
    writeLine(process.stdout, line, (code) => countDrop('console', code));
    next();
  }
}
