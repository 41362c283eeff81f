/** `NOT_DELIVERED`: an export failed for good, and was reported. `EXPORT_TIMEOUT`: an exporter did not answer in time. */
export type OtelErrorCode = 'NOT_DELIVERED' | 'EXPORT_TIMEOUT';

/** The errors of this package; they stay inside the export pipeline and never reach the application. */
export class OtelError extends Error {
  readonly code: OtelErrorCode;

  constructor(code: OtelErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'OtelError';
    this.code = code;
  }
}
