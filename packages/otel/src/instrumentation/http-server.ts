import type { IncomingMessage, ServerResponse } from 'node:http';
import { context, metrics, propagation, SpanKind, trace, ValueType, type Attributes } from '@opentelemetry/api';
import { RPCType, setRPCMetadata, suppressTracing, type RPCMetadata } from '@opentelemetry/core';
import { claimHttpRequest } from '@crmbet/metrics';
import { getCorrelationId } from '@crmbet/correlation';
import { CORRELATION_ID_OUTGOING_HEADER } from '../correlation/carried-id.ts';
import { requestAttributes, spanName } from './http-attributes.ts';
import { bindEvents } from './http-events.ts';
import { HttpExchange } from './http-exchange.ts';
import { isOwnServer } from './ignored-ports.ts';
import { LINKED_ROOT } from './linked-context.ts';

const scope = '@crmbet/otel/http';
/** Boundaries that the conventions advise for `http.server.request.duration`, seconds. */
const boundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** What an incoming request goes through; `run` hands it to the application. */
export type ObserveRequest = (request: IncomingMessage, response: ServerResponse, run: () => boolean) => boolean;

/**
 * Makes what traces and counts incoming requests by the stable semantic conventions ("HTTP spans", "HTTP metrics").
 * The span begins before the application sees the request and ends when the response closes, which it does also when
 * the client went away: then the status is 499, in the metrics and on the span.
 */
export function createRequestObserver(): ObserveRequest {
  const tracer = trace.getTracer(scope);
  const durations = metrics.getMeter(scope).createHistogram('http.server.request.duration', {
    description: 'Duration of HTTP server requests.',
    unit: 's',
    valueType: ValueType.DOUBLE,
    advice: { explicitBucketBoundaries: boundaries },
  });
  return (request, response, run) => {
    if (isOwnServer(request)) return context.with(suppressTracing(context.active()), run);
    const startMs = performance.now();
    const parent = propagation.extract(LINKED_ROOT, request.headers);
    const attributes = requestAttributes(request);
    const span = tracer.startSpan(spanName(request.method), { kind: SpanKind.SERVER, attributes }, parent);
    const rpc: RPCMetadata = { type: RPCType.HTTP, span };
    const ctx = setRPCMetadata(trace.setSpan(parent, span), rpc);
    const correlationId = getCorrelationId(ctx);
    if (correlationId !== undefined && !response.headersSent) {
      response.setHeader(CORRELATION_ID_OUTGOING_HEADER, correlationId);
    }
    const counted = claimHttpRequest(request);
    const shared = sharedAttributes(attributes);
    const start = { request, response, span, rpc, ctx, correlationId, counted, startMs, shared, durations };
    return runBound(new HttpExchange(start), request, response, run);
  };
}

/** What the application throws goes on to where it would have gone. */
function runBound(
  exchange: HttpExchange,
  request: IncomingMessage,
  response: ServerResponse,
  run: () => boolean,
): boolean {
  bindEvents(request, exchange);
  bindEvents(response, exchange);
  try {
    return context.with(exchange.ctx, run);
  } catch (error) {
    exchange.throwInto(error);
    throw error;
  }
}

function sharedAttributes(attributes: Attributes): Attributes {
  return {
    'http.request.method': attributes['http.request.method'],
    'url.scheme': attributes['url.scheme'],
    'network.protocol.version': attributes['network.protocol.version'],
  };
}
