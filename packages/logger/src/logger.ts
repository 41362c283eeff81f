import type { Logger as WinstonLogger } from 'winston';
import { isError } from './errors.ts';
import type { LogLevel } from './levels.ts';
import type { LoggerOptions } from './options.ts';
import { Pipeline } from './pipeline.ts';
import type { LogFields, Logger } from './types.ts';

/**
 * A logger with routes of its own: console, daily files, OTLP. Never throws: a wrong option or a folder that cannot be
 * written is said in one line on stderr. Uncaught exceptions are written from now on.
 */
export function createLogger(options: LoggerOptions = {}): Logger {
  const pipeline = new Pipeline(options);
  return new CrmbetLogger({ get: () => pipeline, close: () => pipeline.close() }, []);
}

/** A logger with the default options that makes its files and console at the first use: importing it does nothing. */
export function createLazyLogger(): Logger {
  let pipeline: Pipeline | undefined;
  const get = (): Pipeline => (pipeline ??= new Pipeline({}));
  return new CrmbetLogger({ get, close: async () => pipeline?.close() }, []);
}

/** A pipeline that may not have been made yet. */
interface PipelineSource {
  get(): Pipeline;
  close(): Promise<void>;
}

class CrmbetLogger implements Logger {
  readonly #source: PipelineSource;
  readonly #bound: readonly object[];

  constructor(source: PipelineSource, bound: readonly object[]) {
    this.#source = source;
    this.#bound = bound;
  }

  get level(): LogLevel {
    return this.#source.get().level;
  }

  set level(level: LogLevel) {
    this.#source.get().level = level;
  }

  get winston(): WinstonLogger {
    return this.#source.get().winston;
  }

  isLevelEnabled(level: LogLevel): boolean {
    return this.#source.get().isEnabled(level);
  }

  log(level: LogLevel, message: string, meta?: unknown): void {
    this.#write(level, message, undefined, meta);
  }

  info(message: string, meta?: unknown): void {
    this.#write('info', message, undefined, meta);
  }

  warn(message: string, meta?: unknown): void {
    this.#write('warn', message, undefined, meta);
  }

  debug(message: string, meta?: unknown): void {
    this.#write('debug', message, undefined, meta);
  }

  error(message: string, error?: unknown, meta?: unknown): void {
    const isMeta = meta === undefined && typeof error === 'object' && error !== null && !isError(error);
    if (isMeta) this.#write('error', message, undefined, error);
    else this.#write('error', message, error ?? undefined, meta);
  }

  logUserAction(userId: string, action: string, details?: unknown): void {
    this.#write('info', 'User action', undefined, { userId, action, details, category: 'user_action' });
  }

  logTransaction(transactionId: string, userId: string, type: string, amount: number): void {
    const fields = { transactionId, userId, type, amount, category: 'transaction' };
    this.#write('info', 'Transaction processed', undefined, fields);
  }

  logMLPrediction(userId: string, modelType: string, prediction: unknown, confidence: number): void {
    const fields = { userId, modelType, prediction, confidence, category: 'ml_prediction' };
    this.#write('info', 'ML prediction generated', undefined, fields);
  }

  logSecurityEvent(eventType: string, userId?: string, details?: unknown): void {
    this.#write('warn', 'Security event', undefined, { eventType, userId, details, category: 'security' });
  }

  logAPICall(method: string, endpoint: string, responseTime: number, statusCode: number, userId?: string): void {
    const fields = { method, endpoint, responseTime, statusCode, userId, category: 'api_call' };
    this.#write('info', 'API call', undefined, fields);
  }

  child(bound: LogFields): Logger {
    return new ChildLogger(this.#source, [...this.#bound, { ...bound }]);
  }

  async close(): Promise<void> {
    await this.#source.close();
  }

  #write(level: LogLevel, message: unknown, error: unknown, meta: unknown): void {
    const pipeline = this.#source.get();
    if (!pipeline.isEnabled(level)) return;
    if (meta === undefined || meta === null) pipeline.write(level, message, error, this.#bound);
    else if (isError(meta)) pipeline.write(level, message, error ?? meta, this.#bound);
    else pipeline.write(level, message, error, [...this.#bound, asFields(meta)]);
  }
}

class ChildLogger extends CrmbetLogger {
  override async close(): Promise<void> {
    // The routes are its parent's, and what it logged is with them already.
  }
}

/** An object's own fields, or any other value as the one field `meta`. */
function asFields(meta: unknown): object {
  if (typeof meta !== 'object' || meta === null) return { meta };
  const isValue = Array.isArray(meta) || meta instanceof Date || ArrayBuffer.isView(meta);
  return isValue || meta instanceof Map || meta instanceof Set ? { meta } : meta;
}
