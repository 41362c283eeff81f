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
  createCorrelationId,
  getCorrelationId,
  setCorrelationId,
} from '@crmbet/correlation';
import {
  baggageCorrelationId,
  carriedCorrelationId,
  CORRELATION_ID_OUTGOING_HEADER,
  correlationIdOf,
} from './carried-id.ts';

/**
 * Wraps the propagators that were chosen and adds the correlation ID. Extracting is what every instrumentation does
 * first with an incoming request or message, before it starts a span: that is why the ID enters the context here, and
 * why one is made here when none (or a bad one) was sent.
 */
export class CorrelationPropagator implements TextMapPropagator {
  readonly #inner: TextMapPropagator | undefined;

  /** Without `inner` nothing is sent, not even the correlation ID; it is still read. */
  constructor(inner: TextMapPropagator | undefined) {
    this.#inner = inner;
  }

  inject(ctx: Context, carrier: unknown, setter: TextMapSetter): void {
    if (!this.#inner || isTracingSuppressed(ctx)) return;
    const id = correlationIdOf(ctx);
    if (id === undefined) return this.#inner.inject(ctx, carrier, setter);
    setter.set(carrier, CORRELATION_ID_OUTGOING_HEADER, id);
    const baggage = propagation.getBaggage(ctx) ?? propagation.createBaggage();
    const sent = propagation.setBaggage(ctx, baggage.setEntry(CORRELATION_ID_BAGGAGE_KEY, { value: id }));
    return this.#inner.inject(sent, carrier, setter);
  }

  extract(ctx: Context, carrier: unknown, getter: TextMapGetter): Context {
    const extracted = this.#inner?.extract(ctx, carrier, getter) ?? ctx;
    const id =
      carriedCorrelationId(carrier, getter) ??
      baggageCorrelationId(extracted) ??
      getCorrelationId(extracted) ??
      createCorrelationId();
    return setCorrelationId(extracted, id);
  }

  fields(): string[] {
    return this.#inner ? [CORRELATION_ID_OUTGOING_HEADER, ...this.#inner.fields()] : [];
  }
}
