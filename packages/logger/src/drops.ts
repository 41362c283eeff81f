import { metrics, type Counter, type MeterProvider } from '@opentelemetry/api';

/** Where a record was lost. */
export type DropRoute = 'file' | 'console' | 'otlp' | 'logger';

let provider: MeterProvider | undefined;
let counter: Counter | undefined;

/**
 * Counts records that were lost, by route and reason (an error code such as `ENOSPC`, or `closed`): metric
 * `crmbet.logger.dropped` of the OpenTelemetry API. Nothing is counted where no meter provider is registered.
 */
export function countDrop(route: DropRoute, reason: string): void {
  currentCounter().add(1, { route, reason });
}

/** The API's meters, unlike its tracers and loggers, stay without effect when they were made before the provider. */
function currentCounter(): Counter {
  const registered = metrics.getMeterProvider();
  if (counter === undefined || registered !== provider) {
    provider = registered;
    counter = registered.getMeter('@crmbet/logger').createCounter('crmbet.logger.dropped', {
      description: 'Log records that were lost, by route and reason',
      unit: '{record}',
    });
  }
  return counter;
}
