import { metrics } from '@opentelemetry/api';
import { OtelError } from '../errors.ts';
import type { DropReason } from '../export/batch-queue.ts';
import type { Reporter } from '../report/reporter.ts';

const names = { span: 'spans', log: 'log records' } as const;

/**
 * Counts what a queue drops in `otel.sdk.processor.<kind>.processed` with `error.type` (semantic conventions, "SDK
 * metrics"), and says it once a minute at most.
 */
export function createDropCounter(kind: keyof typeof names, reporter: Reporter) {
  const counter = metrics.getMeter('@crmbet/otel').createCounter(`otel.sdk.processor.${kind}.processed`, {
    unit: `{${kind}}`,
    description: `Number of ${names[kind]} that the processor dropped.`,
  });
  return (count: number, reason: DropReason, error?: unknown): void => {
    counter.add(count, { 'error.type': reason, 'otel.component.type': `batching_${kind}_processor` });
    const reported = error instanceof OtelError && error.code === 'NOT_DELIVERED';
    if (reported) return;
    const why = error instanceof Error ? `: ${error.message}` : '';
    reporter.sayOnce(`${kind} ${reason}`, `${names[kind]} are being dropped (${reason})${why}`);
  };
}
