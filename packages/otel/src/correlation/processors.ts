import { CORRELATION_ID_ATTRIBUTE, CORRELATION_ID_LOG_FIELD, getCorrelationId } from '@crmbet/correlation';
import type { Context } from '@opentelemetry/api';
import type { LogRecordProcessor, ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import type { Span, SpanProcessor } from '@opentelemetry/sdk-trace';

/** Puts `correlation.id` on every span when it starts. */
export class CorrelationSpanProcessor implements SpanProcessor {
  onStart(span: Span, parentContext: Context): void {
    span.setAttribute(CORRELATION_ID_ATTRIBUTE, getCorrelationId(parentContext) ?? span.spanContext().traceId);
  }

  onEnd(): void {}

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}
}

/** Puts `correlationId` on every log record that was made in a context with one. */
export class CorrelationLogRecordProcessor implements LogRecordProcessor {
  onEmit(record: ReadWriteLogRecord, ctx?: Context): void {
    const id = ctx === undefined ? undefined : getCorrelationId(ctx);
    if (id !== undefined) record.setAttribute(CORRELATION_ID_LOG_FIELD, id);
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}
}
