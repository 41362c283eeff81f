import {
  propagation,
  type Context,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
} from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import {
  CORRELATION_ID_BAGGAGE_KEY,
  CORRELATION_ID_HEADER,
  createCorrelationId,
  getCorrelationId,
  getExplicitCorrelationId,
  setCorrelationId,
} from '@crmbet/correlation';
import { baggageCorrelationId, carriedCorrelationId, CORRELATION_ID_OUTGOING_HEADER } from './carried-id.ts';

/**
 * Wraps the propagators that were chosen and adds the correlation ID. Extracting is what every instrumentation does
 * first with an incoming request or message, before it starts a span: that is why the ID enters the context here, and
 * why one is made here when none (or a bad one) was sent.
 */
export class CorrelationPropagator implements TextMapPropagator {
  readonly #inner: TextMapPropagator | undefined;
  readonly #injected = new WeakMap<object, string>();

  /** Without `inner` nothing is sent, not even the correlation ID; it is still read. */
  constructor(inner: TextMapPropagator | undefined) {
    this.#inner = inner;
  }

  inject(ctx: Context, carrier: unknown, setter: TextMapSetter): void {
    if (!this.#inner || isTracingSuppressed(ctx)) return;
    const id = getCorrelationId(ctx);
    if (id === undefined) return this.#inner.inject(ctx, carrier, setter);
    this.#setHeader(carrier, setter, id);
    const baggage = propagation.getBaggage(ctx) ?? propagation.createBaggage();
    const sent = propagation.setBaggage(ctx, baggage.setEntry(CORRELATION_ID_BAGGAGE_KEY, { value: id }));
    return this.#inner.inject(sent, carrier, setter);
  }

  extract(ctx: Context, carrier: unknown, getter: TextMapGetter): Context {
    const extracted = this.#inner?.extract(ctx, carrier, getter) ?? ctx;
    const id =
      carriedCorrelationId(carrier, getter) ??
      baggageCorrelationId(extracted) ??
      getExplicitCorrelationId(extracted) ??
      createCorrelationId();
    return setCorrelationId(extracted, id);
  }

  /**
   * A header that the application set itself stays. One that is there from an earlier call with the same object, as
   * when a message's headers are used again, was set here and is replaced.
   */
  #setHeader(carrier: unknown, setter: TextMapSetter, id: string): void {
    if (typeof carrier !== 'object' || carrier === null) return;
    const present = ownHeader(carrier);
    if (present !== undefined && present !== this.#injected.get(carrier)) return;
    this.#injected.set(carrier, id);
    setter.set(carrier, CORRELATION_ID_OUTGOING_HEADER, id);
  }

  fields(): string[] {
    return this.#inner ? [CORRELATION_ID_OUTGOING_HEADER, ...this.#inner.fields()] : [];
  }
}

function ownHeader(carrier: object): unknown {
  for (const [name, value] of Object.entries(carrier)) {
    if (name.length === CORRELATION_ID_HEADER.length && name.toLowerCase() === CORRELATION_ID_HEADER) return value;
  }
  return undefined;
}
