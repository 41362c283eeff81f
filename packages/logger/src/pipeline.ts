import { setImmediate, setTimeout } from 'node:timers/promises';
import winston from 'winston';
import { onCrash, type Crash } from './crash.ts';
import { countDrop } from './drops.ts';
import { isError } from './errors.ts';
import { serialise, toRecord } from './format.ts';
import { LOG_LEVELS, type LogLevel } from './levels.ts';
import { checkLevel, resolveOptions, type LoggerOptions } from './options.ts';
import { readProperty } from './plain.ts';
import { activeContext, createRecord, MESSAGE, type Identity, type LogRecord } from './record.ts';
import { describeFailure, reportOnce } from './report.ts';
import { createRoutes, type Routes } from './routes.ts';

const CLOSE_LIMIT_MS = 5_000;
const SEVERITY_ORDER = Object.fromEntries(LOG_LEVELS.map((level, order) => [level, order])) as Record<LogLevel, number>;

/** A winston logger with our routes, and what it takes to hand records to it and to end it. Shared by a logger and its children. */
export class Pipeline {
  readonly winston: winston.Logger;
  readonly #identity: Identity;
  readonly #routes: Routes;
  readonly #forgetCrashes: () => void;
  #closing: Promise<void> | undefined;

  constructor(options: LoggerOptions) {
    const resolved = resolveOptions(options, process.env);
    this.#identity = resolved.identity;
    this.#routes = createRoutes(resolved);
    this.winston = winston.createLogger({
      levels: SEVERITY_ORDER,
      level: resolved.level,
      format: { transform: (info) => serialise(toRecord(info, this.#identity)) as never },
      transports: this.#routes.transports,
      exitOnError: false,
    });
    // Without a listener a failing transport's event would end the process.
    this.winston.on('error', (error: unknown) => {
      countDrop('logger', 'transport_error');
      reportOnce(`a transport failed: ${describeFailure(error)}`);
    });
    this.#forgetCrashes = resolved.handleExceptions ? onCrash((crash) => this.#writeCrash(crash)) : () => undefined;
  }

  get level(): LogLevel {
    return this.winston.level as LogLevel;
  }

  set level(level: LogLevel) {
    this.winston.level = checkLevel('level', level, this.level);
  }

  isEnabled(level: LogLevel): boolean {
    return SEVERITY_ORDER[level] <= SEVERITY_ORDER[this.level];
  }

  /** Makes the record now, in the caller's context and with the values of this moment, and hands it to the routes. */
  write(level: LogLevel, message: unknown, error: unknown, fields: readonly object[]): void {
    if (this.#closing !== undefined) {
      countDrop('logger', 'closed');
      reportOnce('a record was logged after close(); such records are dropped');
      return;
    }
    try {
      const context = activeContext();
      this.winston.write(createRecord({ level, message, error, fields, timeMs: Date.now(), context }, this.#identity));
    } catch (failure) {
      countDrop('logger', 'write_failed');
      reportOnce(`a record could not be written: ${describeFailure(failure)}`);
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    this.#forgetCrashes();
    await withinLimit(this.#endWinston());
    await Promise.all(this.#routes.files.map((file) => file.close()));
  }

  async #endWinston(): Promise<void> {
    // Ending drops what winston holds back while one of its transports is slow.
    while (this.winston.readableLength > 0) await setImmediate();
    await new Promise<void>((resolve) => {
      this.winston.once('finish', resolve);
      this.winston.end();
    });
  }

  /** Straight to the routes: the process may end before winston's streams turn. */
  #writeCrash(crash: Crash): void {
    try {
      const record = crashRecord(crash, this.#identity);
      if (crash.firstOf('shared routes')) this.#tellCrash(record);
      const file = crash.origin === 'unhandledRejection' ? this.#routes.rejections : this.#routes.exceptions;
      if (file !== undefined && crash.firstOf(file.name)) file.write(record[MESSAGE] ?? '');
    } catch (failure) {
      reportOnce(`a crash could not be written: ${describeFailure(failure)}`);
    }
  }

  #tellCrash(record: LogRecord): void {
    this.#routes.otlp.emitRecord(record);
    // On a terminal Node.js shows the error itself.
    const { console } = this.#routes;
    if (console?.pretty === false) console.log(record, () => undefined);
  }
}

/** Waits for `work`, but no longer than the limit. */
async function withinLimit(work: Promise<void>): Promise<void> {
  const limit = new AbortController();
  const late = setTimeout(CLOSE_LIMIT_MS, true, { signal: limit.signal }).catch(() => false);
  const isLate = await Promise.race([work.then(() => false), late]);
  limit.abort();
  if (isLate) reportOnce(`a transport did not end within ${CLOSE_LIMIT_MS} ms after close()`);
}

function crashRecord(crash: Crash, identity: Identity): LogRecord {
  const isRejection = crash.origin === 'unhandledRejection';
  const text = isError(crash.thrown) ? readProperty(crash.thrown, 'message') : describeFailure(crash.thrown);
  const input = {
    level: 'error',
    message: `${crash.origin}: ${String(text)}`,
    error: crash.thrown ?? String(crash.thrown),
    fields: [isRejection ? { rejection: true } : { exception: true }],
    timeMs: Date.now(),
    context: activeContext(),
  };
  return serialise(createRecord(input, identity));
}
