import type { ErrorRequestHandler, RequestHandler } from 'express';
import { BackendError, httpStatusOf } from '../errors.ts';
import type { AppLogger } from '../logging.ts';

interface ErrorBody {
  error: { code: string; message: string };
}

/** Answers what no route took. */
export const notFound: RequestHandler = (request, response) => {
  const body: ErrorBody = { error: { code: 'NOT_FOUND', message: `No such route: ${request.method} ${request.path}` } };
  response.status(404).json(body);
};

/** Turns errors into answers: what the client did wrong is told, what went wrong in here is logged and not shown. */
export function errorHandler(log: AppLogger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const { status, body } = describe(error);
    if (status >= 500) {
      log.error('Request failed', error instanceof Error ? error : new Error(String(error)), {
        method: request.method,
        path: request.path,
        status,
      });
    }
    response.status(status).json(body);
  };
}

function describe(error: unknown): { status: number; body: ErrorBody } {
  if (error instanceof BackendError) {
    const status = httpStatusOf(error.code);
    if (status !== 500) return { status, body: { error: { code: error.code, message: error.message } } };
  }
  // Express and its body parser mark what the client got wrong (JSON that does not parse, a body too large).
  if (error instanceof Error && 'status' in error && typeof error.status === 'number' && error.status < 500) {
    return { status: error.status, body: { error: { code: 'INVALID_REQUEST', message: error.message } } };
  }
  return { status: 500, body: { error: { code: 'INTERNAL', message: 'The server could not answer this request' } } };
}
