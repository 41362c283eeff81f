import type { Log } from '@crmbet/telemetry';
import type { Style } from '../output.ts';
import { formatLevel } from './level.ts';
import { renderTable } from './table.ts';
import { oneLine } from './text.ts';
import { formatTime } from './time.ts';

export function renderLogs(logs: readonly Log[], style: Style): string {
  const { colors } = style;
  return renderTable(
    [
      { title: 'TIME' },
      { title: 'LEVEL' },
      { title: 'SERVICE', shrinkTo: 8, dropOrder: 1 },
      { title: 'MESSAGE', shrinkTo: 32 },
      { title: 'CORRELATION ID', dropOrder: 2 },
      { title: 'TRACE ID', dropOrder: 3 },
    ],
    logs.map((log) => [
      colors.dim(formatTime(log.timeUnixNano)),
      formatLevel(log.level, colors),
      oneLine(log.serviceName),
      oneLine(log.body),
      oneLine(log.correlationId),
      colors.cyan(log.traceId),
    ]),
    style,
  );
}
