import type { IncomingMessage, ServerResponse } from 'node:http';
import { context, type Span } from '@opentelemetry/api';
import { getRPCMetadata } from '@opentelemetry/core';
import { HttpInstrumentation, type HttpCustomAttributeFunction } from '@opentelemetry/instrumentation-http';
import { CLIENT_CLOSED_STATUS, claimHttpRequest, recordHttpRequest } from '@crmbet/metrics';
import { getCorrelationId } from '@crmbet/correlation';
import { CORRELATION_ID_OUTGOING_HEADER } from '../correlation/carried-id.ts';
import { expressRoute } from './express-route.ts';
import { isOwnServer } from './ignored-ports.ts';

/**
 * Server and client of `node:http` and `node:https`. The hook of the server side runs in the context of the request,
 * before the application sees it: the place for the response header and for the start of the documented metrics.
 */
export function createHttpInstrumentation(): HttpInstrumentation {
  return new HttpInstrumentation({
    ignoreIncomingRequestHook: isOwnServer,
    responseHook(span, response) {
      if ('setHeader' in response) observeRequest(span, response);
    },
    applyCustomAttributesOnSpan: markAborted,
  });
}

/** Sets the correlation ID on the response and counts the request when it ends. */
function observeRequest(span: Span, response: ServerResponse): void {
  const ctx = context.active();
  const correlationId = getCorrelationId(ctx);
  const request: IncomingMessage = response.req;
  if (correlationId !== undefined && !response.headersSent) {
    response.setHeader(CORRELATION_ID_OUTGOING_HEADER, correlationId);
  }
  const counted = claimHttpRequest(request);
  const startMs = performance.now();
  const rpc = getRPCMetadata(ctx);
  // Before the listener that ends the span: the route has to be known by then.
  response.once('close', () => {
    const route = expressRoute(request) ?? rpc?.route;
    if (rpc && route !== undefined) rpc.route = route;
    if (!counted) return;
    const { traceId, spanId, traceFlags } = span.spanContext();
    recordHttpRequest({
      method: request.method ?? '',
      route,
      statusCode: isAborted(response) ? CLIENT_CLOSED_STATUS : response.statusCode,
      durationSeconds: (performance.now() - startMs) / 1000,
      origin: { traceId, spanId, traceFlags, correlationId },
    });
  });
}

/** The status that was meant never reached a client that is gone; the span says the same as the metric. */
const markAborted: HttpCustomAttributeFunction = (span, _request, response) => {
  if ('setHeader' in response && isAborted(response)) {
    span.setAttribute('http.response.status_code', CLIENT_CLOSED_STATUS);
  }
};

function isAborted(response: ServerResponse): boolean {
  return !response.writableFinished;
}
