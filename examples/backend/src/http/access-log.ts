import type { RequestHandler } from 'express';
import type { AppLogger } from '../logging.ts';

/** nginx's status for a request whose client went away before the answer. */
const CLIENT_CLOSED_REQUEST = 499;

/** One log record a request, when it ends. */
export function accessLog(log: AppLogger): RequestHandler {
  return (request, response, next) => {
    const started = performance.now();
    response.once('close', () => {
      const status = response.writableFinished ? response.statusCode : CLIENT_CLOSED_REQUEST;
      const milliseconds = Math.round((performance.now() - started) * 10) / 10;
      log.logAPICall(request.method, request.originalUrl.replace(/\?.*$/, ''), milliseconds, status);
    });
    next();
  };
}
