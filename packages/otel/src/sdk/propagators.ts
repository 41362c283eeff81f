import type { TextMapPropagator } from '@opentelemetry/api';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import type { Settings } from '../config/read.ts';
import { CorrelationPropagator } from '../correlation/propagator.ts';

type Name = Settings['propagation']['propagators'][number];

/** The propagators of the settings, with the correlation ID. */
export function createPropagator(names: readonly Name[]): TextMapPropagator {
  if (names.length === 0) return new CorrelationPropagator(undefined);
  return new CorrelationPropagator(new CompositePropagator({ propagators: names.map(create) }));
}

function create(name: Name): TextMapPropagator {
  switch (name) {
    case 'tracecontext':
      return new W3CTraceContextPropagator();
    case 'baggage':
      return new W3CBaggagePropagator();
    case 'b3':
    case 'b3multi':
      return createB3(name === 'b3multi');
  }
}

/** Loaded only when chosen. */
function createB3(multiple: boolean): TextMapPropagator {
  const { B3InjectEncoding, B3Propagator } =
    require('@opentelemetry/propagator-b3') as typeof import('@opentelemetry/propagator-b3');
  return new B3Propagator({
    injectEncoding: multiple ? B3InjectEncoding.MULTI_HEADER : B3InjectEncoding.SINGLE_HEADER,
  });
}
