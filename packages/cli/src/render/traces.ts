import type { TraceSummary } from '@crmbet/telemetry';
import type { Style } from '../output.ts';
import { renderTable } from './table.ts';
import { oneLine } from './text.ts';
import { formatDuration, formatTime } from './time.ts';

export function renderTraces(traces: readonly TraceSummary[], style: Style): string {
  const { colors } = style;
  return renderTable(
    [
      { title: 'STARTED', dropOrder: 2 },
      { title: 'TRACE ID' },
      { title: 'SERVICE', shrinkTo: 10 },
      { title: 'NAME', shrinkTo: 16 },
      { title: 'DURATION', align: 'right' },
      { title: 'SPANS', align: 'right', dropOrder: 3 },
      { title: 'ERRORS', align: 'right', dropOrder: 1 },
      { title: 'CORRELATION ID', dropOrder: 4 },
    ],
    traces.map((trace) => [
      colors.dim(formatTime(trace.startTimeUnixNano)),
      colors.cyan(trace.traceId),
      oneLine(trace.rootService),
      oneLine(trace.rootName),
      formatDuration(trace.durationMs),
      String(trace.spanCount),
      trace.errorCount > 0 ? colors.red(String(trace.errorCount)) : '0',
      oneLine(trace.correlationId),
    ]),
    style,
  );
}
