/** Why the query API gave no answer. `UNREACHABLE`: nothing listens; `UNREADABLE`: what came is no JSON of the API. */
export type ApiErrorCode = 'INVALID_QUERY' | 'NOT_FOUND' | 'UNAVAILABLE' | 'UNREACHABLE' | 'UNREADABLE';

/** The one error class of this package; `message` is a sentence for the user. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ApiErrorCode;

  constructor(code: ApiErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A sentence for any thrown value. */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  return new ApiError('UNREADABLE', 'This page met an error of its own while reading the answer.', { cause: thrown });
}
