import { context, type Span, type TimeInput } from '@opentelemetry/api';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { metricsCollector, UNKNOWN_LABEL_VALUE } from '@crmbet/metrics';
import { getCorrelationId } from '@crmbet/correlation';
import { summarizeSql } from './sql.ts';

/** Queries of `pg`, with the table on the span and `db_query_duration_seconds` for every one, sampled or not. */
export function createPgInstrumentation(): PgInstrumentation {
  return new PgInstrumentation({ requestHook: (span, { query }) => measureQuery(span, query.text) });
}

/**
 * The instrumentation calls a hook at the end of a query only when it succeeded, but it always ends the span, a span
 * that is not recorded too: so the measurement hangs on that call.
 */
function measureQuery(span: Span, statement: string): void {
  const { operation, table } = summarizeSql(statement);
  // The instrumentation names the database instead, which is the same for every query; the convention is operation and target.
  span.updateName(table === undefined ? operation : `${operation} ${table}`);
  span.setAttribute('db.operation.name', operation);
  if (table !== undefined) span.setAttribute('db.collection.name', table);
  const correlationId = getCorrelationId(context.active());
  const startMs = performance.now();
  const { end } = span;
  span.end = (endTime?: TimeInput) => {
    const durationSeconds = (performance.now() - startMs) / 1000;
    const { traceId, spanId, traceFlags } = span.spanContext();
    const origin = { traceId, spanId, traceFlags, correlationId };
    metricsCollector.trackDBQuery(operation, table ?? UNKNOWN_LABEL_VALUE, durationSeconds, origin);
    end.call(span, endTime);
  };
}
