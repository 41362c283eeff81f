/** What can go wrong in the receiver, the store and a query. */
export type TelemetryErrorCode =
  /** A query parameter is wrong; the message names it, its value and what is allowed. */
  | 'INVALID_QUERY'
  /** The thing asked for is not stored. */
  | 'NOT_FOUND'
  /** An OTLP body cannot be decoded; the message says where. */
  | 'INVALID_OTLP'
  /** The bounded write queue is full; try again. */
  | 'STORE_OVERLOADED'
  /** Disk full or size limit reached. */
  | 'STORE_FULL'
  /** The store's file was written by a newer version, is locked by another process, or is no store. */
  | 'STORE_UNUSABLE'
  /** A port is taken; the message names the port and what to set. */
  | 'PORT_IN_USE'
  /** An address cannot be listened on: it is not this machine's, or not allowed. */
  | 'LISTEN_FAILED'
  /** Nothing answers at the query API's address. */
  | 'UNREACHABLE'
  /** A query took longer or needed more than it may; narrow it. */
  | 'QUERY_TIMEOUT';

/** The one error class of this package; `message` is a sentence for the user. */
export class TelemetryError extends Error {
  override readonly name = 'TelemetryError';
  readonly code: TelemetryErrorCode;

  constructor(code: TelemetryErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
