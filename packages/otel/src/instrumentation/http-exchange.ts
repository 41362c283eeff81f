import type { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { SpanStatusCode, type Attributes, type Context, type Histogram, type Span } from '@opentelemetry/api';
import type { RPCMetadata } from '@opentelemetry/core';
import { CLIENT_CLOSED_STATUS, recordHttpRequest } from '@crmbet/metrics';
import { captureServerHeaders } from '../privacy/headers.ts';
import { expressRoute } from './express-route.ts';
import { spanName } from './http-attributes.ts';
import type { EventBinding } from './http-events.ts';

/** What is known of a request when it begins. */
export interface ExchangeStart {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly span: Span;
  /** Where instrumentations of frameworks leave the route. */
  readonly rpc: RPCMetadata;
  readonly ctx: Context;
  readonly correlationId: string | undefined;
  /** Whether the documented metrics are ours to record. */
  readonly counted: boolean;
  /** `performance.now()` */
  readonly startMs: number;
  /** Attributes of the span that are those of the metric too. */
  readonly shared: Attributes;
  readonly durations: Histogram;
}

/** One request on its way: ends its span and counts it, once, when the response is closed. */
export class HttpExchange implements EventBinding {
  readonly ctx: Context;
  readonly #start: ExchangeStart;
  #finished = false;
  #ended = false;

  constructor(start: ExchangeStart) {
    this.ctx = start.ctx;
    this.#start = start;
  }

  onEvent(event: string | symbol, emitter: EventEmitter, argument: unknown): void {
    if (event === 'close') this.#onClose(emitter);
    else if (emitter !== this.#start.response) return;
    else if (event === 'finish') this.#finished = !isReset(this.#start.request);
    else if (event === 'error') this.#failWith(argument);
  }

  /** The application threw before it answered: nobody will, and the process may be about to end. */
  throwInto(error: unknown): void {
    this.#failWith(error);
    this.#end(500);
  }

  /**
   * The response closes when it was sent or its client went away. One that waits behind another on the same connection
   * has no socket and never closes when the connection does; its request does.
   */
  #onClose(emitter: EventEmitter): void {
    const { response, request } = this.#start;
    const isOver = emitter === response || (response.socket === null && request.socket.destroyed);
    if (isOver) this.#end(this.#finished ? response.statusCode : CLIENT_CLOSED_STATUS);
  }

  #failWith(error: unknown): void {
    const { span } = this.#start;
    const known = error instanceof Error ? error : new Error(String(error));
    span.setAttribute('error.type', known.name);
    span.setStatus({ code: SpanStatusCode.ERROR, message: known.message });
    span.recordException(known);
  }

  #end(statusCode: number): void {
    if (this.#ended) return;
    this.#ended = true;
    const { request, span, rpc, shared, startMs, durations } = this.#start;
    const durationSeconds = (performance.now() - startMs) / 1000;
    const route = expressRoute(request) ?? rpc.route;
    if (route !== undefined) {
      rpc.route = route;
      span.setAttribute('http.route', route).updateName(`${spanName(request.method)} ${route}`);
      shared['http.route'] = route;
    }
    span.setAttribute('http.response.status_code', statusCode);
    shared['http.response.status_code'] = statusCode;
    if (statusCode >= 500) {
      span.setAttribute('error.type', String(statusCode)).setStatus({ code: SpanStatusCode.ERROR });
      shared['error.type'] = String(statusCode);
    }
    captureServerHeaders(span, request, this.#start.response);
    span.end();
    durations.record(durationSeconds, shared, this.ctx);
    if (this.#start.counted) this.#countDocumented(route, statusCode, durationSeconds);
  }

  #countDocumented(route: string | undefined, statusCode: number, durationSeconds: number): void {
    const { request, span, correlationId } = this.#start;
    const { traceId, spanId, traceFlags } = span.spanContext();
    const origin = { traceId, spanId, traceFlags, correlationId };
    recordHttpRequest({ method: request.method ?? '', route, statusCode, durationSeconds, origin });
  }
}

/** HTTP/2 says that a response is finished also when its client has reset the stream. */
function isReset(request: IncomingMessage): boolean {
  return request.httpVersionMajor === 2 && request.aborted;
}
