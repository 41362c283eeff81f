/**
 * - `PORT_IN_USE`: the port of the metrics server is taken
 * - `LISTEN_FAILED`: the metrics server cannot listen for another reason (no right to, no such address)
 */
export type MetricsErrorCode = 'PORT_IN_USE' | 'LISTEN_FAILED';

/** The only error this package throws, and only from set-up calls: recording a value never throws. */
export class MetricsError extends Error {
  readonly code: MetricsErrorCode;

  constructor(code: MetricsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MetricsError';
    this.code = code;
  }
}
