import { metrics } from '@opentelemetry/api';
import type { Instrumentation } from '@opentelemetry/instrumentation';

/**
 * For instrumentations that keep their histograms in fields: the base class fills them before their own constructor
 * empties them again, and only a meter provider makes them anew. Without it, openai 0.22 logs an error a call.
 */
export function withMeters<T extends Instrumentation>(instrumentation: T): T {
  instrumentation.setMeterProvider(metrics.getMeterProvider());
  return instrumentation;
}
