import type { Context, TextMapPropagator, TextMapSetter } from '@opentelemetry/api';
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

const unsafe = /[^\t\x20-\x7e]/;

/**
 * The SDK's own passes the properties of an entry on as they came. Those of a message may have characters that no HTTP
 * header takes: Node.js would throw at the application's next request. Such an entry is not sent on.
 */
class SafeBaggagePropagator extends W3CBaggagePropagator {
  override inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    super.inject(context, carrier, {
      set(target, key, value) {
        const entries = unsafe.test(value) ? value.split(',').filter((entry) => !unsafe.test(entry)) : [value];
        if (entries.length > 0) setter.set(target, key, entries.join(','));
      },
    });
  }
}

const creators: Readonly<Record<Name, () => TextMapPropagator>> = {
  tracecontext: () => new W3CTraceContextPropagator(),
  baggage: () => new SafeBaggagePropagator(),
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
