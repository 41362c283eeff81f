import type { Logger as WinstonLogger } from 'winston';
import type { LogLevel } from './levels.ts';

/** A record's own fields. Any value can be logged. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * The logger of the specification ("Winston Logger Setup"). No method throws or waits. Each record carries `timestamp`
 * (ISO 8601, UTC), `level`, `message`, `service`, `version`, `environment`, `hostname`, `pid`, and the `correlationId`,
 * `trace_id` and `span_id` of the context in which the method was called (left out where there are none).
 */
export interface Logger {
  /** Least severe level that is written; can be changed at any time. A wrong value is said on stderr and changes nothing. */
  level: LogLevel;
  /** The winston logger underneath, for what winston can do beyond this interface; records logged there are the same. */
  readonly winston: WinstonLogger;

  info(message: string, meta?: unknown): void;
  warn(message: string, meta?: unknown): void;
  debug(message: string, meta?: unknown): void;
  /**
   * `error` may be whatever was thrown; its stack, with those of its causes, becomes field `error`, its name, message,
   * code and cause field `errorDetails`. `meta.error` doesn't overwrite it. A plain object in its place, without a third
   * argument, is taken for the fields.
   */
  error(message: string, error?: unknown, meta?: unknown): void;
  /** A record of any level. */
  log(level: LogLevel, message: string, meta?: unknown): void;

  /** `User action`, category `user_action`. */
  logUserAction(userId: string, action: string, details?: unknown): void;
  /** `Transaction processed`, category `transaction`. */
  logTransaction(transactionId: string, userId: string, type: string, amount: number): void;
  /** `ML prediction generated`, category `ml_prediction`; `confidence` between 0 and 1. */
  logMLPrediction(userId: string, modelType: string, prediction: unknown, confidence: number): void;
  /** `Security event` (level `warn`), category `security`. */
  logSecurityEvent(eventType: string, userId?: string, details?: unknown): void;
  /** `API call`, category `api_call`; `responseTime` in milliseconds. */
  logAPICall(method: string, endpoint: string, responseTime: number, statusCode: number, userId?: string): void;

  /** Whether a record of this level would be written. */
  isLevelEnabled(level: LogLevel): boolean;
  /** A logger on the same routes and level that adds `bound` to each record; a call's own fields win over bound ones. */
  child(bound: LogFields): Logger;
  /**
   * Resolves when every record is on its way out of this process: in the files, written to the console, handed to
   * OpenTelemetry. Later calls are dropped and counted. Never rejects; a transport that was added and doesn't end is left
   * after 5 s. On a child it closes nothing: what a child logged is with the routes already.
   */
  close(): Promise<void>;
}
