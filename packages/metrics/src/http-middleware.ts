import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { CLIENT_CLOSED_STATUS } from './catalogue-types.ts';
import { activeOrigin } from './exemplars.ts';
import { claimHttpRequest } from './http-metrics.ts';
import type { RecordHttpRequest } from './http-metrics.ts';
import { watchRoute } from './http-route.ts';
import type { ExpressLike } from './http-route.ts';

/** A request handler for Express, connect and alike; also to be called by hand from a plain `http` server. */
export type HttpMiddleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/**
 * Counts each request that nobody has counted yet (see `claimHttpRequest`). The answer is observed where it ends: as it
 * was sent, or with status 499 when the connection closed before.
 */
export function createHttpMiddleware(record: RecordHttpRequest): HttpMiddleware {
  return (request, response, next) => {
    if (claimHttpRequest(request)) observe(request, response, record);
    next();
  };
}

function observe(request: IncomingMessage, response: ServerResponse, record: RecordHttpRequest): void {
  const start = performance.now();
  // The context that is active when the response closes is not this request's.
  const origin = activeOrigin();
  const route = watchRoute(request as ExpressLike);
  response.once('close', () => {
    record({
      method: request.method ?? '',
      route: route.template(),
      statusCode: response.writableFinished ? response.statusCode : CLIENT_CLOSED_STATUS,
      durationSeconds: (performance.now() - start) / 1000,
      origin,
    });
  });
}
