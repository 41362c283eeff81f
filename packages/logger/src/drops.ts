import { metrics, type Counter } from '@opentelemetry/api';

/** Where a record was lost. */
export type DropRoute = 'file' | 'console' | 'otlp' | 'logger';

let counter: Counter | undefined;

/**
 * Counts records that were lost, by route and reason (an error code such as `ENOSPC`, or `closed`): metric
 * `crmbet.logger.dropped` of the OpenTelemetry API. Nothing is counted where no meter provider is registered.
 */
export function countDrop(route: DropRoute, reason: string, records = 1): void {
  counter ??= metrics.getMeter('@crmbet/logger').createCounter('crmbet.logger.dropped', {
    description: 'Log records that were lost, by route and reason',
    unit: '{record}',
  });
  counter.add(records, { route, reason });
}
