/** What went wrong, for programs; {@link httpStatusOf} says what a client gets. */
export type BackendErrorCode =
  | 'INVALID_CONFIG'
  | 'INVALID_REQUEST'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'INSUFFICIENT_FUNDS'
  | 'PAYMENT_FAILED'
  | 'ML_SERVICE_FAILED'
  | 'DATABASE_FAILED';

/** The one error class of this application. Clients are shown the message of every code whose status is not 500. */
export class BackendError extends Error {
  override readonly name = 'BackendError';
  readonly code: BackendErrorCode;

  constructor(code: BackendErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const statuses: Record<BackendErrorCode, number> = {
  INVALID_CONFIG: 500,
  INVALID_REQUEST: 400,
  NOT_FOUND: 404,
  CONFLICT: 409,
  INSUFFICIENT_FUNDS: 409,
  PAYMENT_FAILED: 502,
  ML_SERVICE_FAILED: 502,
  DATABASE_FAILED: 500,
};

/** Why something failed, in a few words; Node.js leaves the message empty where every address of a host name refused. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || ('code' in error ? String(error.code) : error.name);
}

/** The HTTP status that a client gets for `code`. */
export function httpStatusOf(code: BackendErrorCode): number {
  return statuses[code];
}
