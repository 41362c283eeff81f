import TransportStream from 'winston-transport';
import { MESSAGE, type LogRecord } from './record.ts';
import type { RotatingFile } from './rotating-file.ts';

/** Writes each record's line to a {@link RotatingFile}: when the call that logged returns, the line is with the file system. */
export class FileTransport extends TransportStream {
  readonly #file: RotatingFile;

  constructor(file: RotatingFile, options: TransportStream.TransportStreamOptions = {}) {
    super(options);
    this.#file = file;
  }

  override log(record: LogRecord, next: () => void): void {
    this.#file.write(record[MESSAGE] ?? '');
    next();
  }
}
