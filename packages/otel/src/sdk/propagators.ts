import type { TextMapPropagator } from '@opentelemetry/api';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import type * as B3 from '@opentelemetry/propagator-b3';
import type { Settings } from '../config/read.ts';
import { CorrelationPropagator } from '../correlation/propagator.ts';

type Name = Settings['propagation']['propagators'][number];

/** The propagators of the settings, with the correlation ID. */
export function createPropagator(names: readonly Name[]): TextMapPropagator {
  if (names.length === 0) return new CorrelationPropagator(undefined);
  return new CorrelationPropagator(new CompositePropagator({ propagators: names.map((name) => creators[name]()) }));
}

const creators: Readonly<Record<Name, () => TextMapPropagator>> = {
  tracecontext: () => new W3CTraceContextPropagator(),
  baggage: () => new W3CBaggagePropagator(),
  b3: () => createB3(false),
  b3multi: () => createB3(true),
};

/** Loaded only when chosen. */
function createB3(multiple: boolean): TextMapPropagator {
  const { B3InjectEncoding, B3Propagator } = require('@opentelemetry/propagator-b3') as typeof B3;
  return new B3Propagator({
    injectEncoding: multiple ? B3InjectEncoding.MULTI_HEADER : B3InjectEncoding.SINGLE_HEADER,
  });
}
