import type { Correlation, TimelineEntry } from '@crmbet/telemetry';
import type { Style } from '../output.ts';
import { formatLevel } from './level.ts';
import { formatNumber } from './number.ts';
import { renderTable } from './table.ts';
import { count, oneLine, pairs } from './text.ts';
import { formatDuration, formatOffset, formatTime } from './time.ts';

/** Everything about one ID in the order of time. */
export function renderCorrelation(correlation: Correlation, style: Style): string {
  const { colors } = style;
  const start = correlation.timeline[0]?.timeUnixNano ?? '0';
  const head = [
    `${colors.bold(`${correlation.idType === 'correlation' ? 'Correlation' : capitalised(correlation.idType)} ID`)} ${colors.cyan(oneLine(correlation.id))}`,
    [
      formatTime(start),
      count(correlation.spanCount, 'span'),
      count(correlation.logCount, 'log record'),
      `${correlation.metricCount} metric series`,
    ].join('  '),
  ];
  if (correlation.traceIds.length > 0)
    head.push(`Traces ${correlation.traceIds.map((id) => colors.cyan(id)).join(', ')}`);
  if (correlation.idType !== 'correlation' && correlation.correlationIds.length > 0) {
    head.push(`Correlation IDs ${correlation.correlationIds.map((id) => colors.cyan(oneLine(id))).join(', ')}`);
  }
  const table = renderTable(
    [
      { title: 'TIME', align: 'right' },
      { title: 'WHAT' },
      { title: 'SERVICE', shrinkTo: 8, dropOrder: 1 },
      { title: 'SUMMARY', shrinkTo: 30 },
      { title: 'VALUE', align: 'right' },
    ],
    correlation.timeline.map((entry) => [
      colors.dim(formatOffset(entry.timeUnixNano, start)),
      entry.kind === 'log' ? formatLevel(entry.log.level, colors) : entry.kind,
      oneLine(entry.serviceName),
      summaryOf(entry, style),
      valueOf(entry),
    ]),
    style,
  );
  return `${head.join('\n')}\n\n${table}`;
}

function capitalised(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

function summaryOf(entry: TimelineEntry, { colors }: Style): string {
  if (entry.kind === 'log') return oneLine(entry.log.body);
  if (entry.kind === 'span') {
    return entry.span.status === 'error' ? colors.red(oneLine(entry.summary)) : oneLine(entry.summary);
  }
  const { name, labels, via } = entry.metric;
  return oneLine(`${name} ${pairs(labels)}`.trim()) + colors.dim(` (by ${via})`);
}

function valueOf(entry: TimelineEntry): string {
  if (entry.kind === 'span') return formatDuration(entry.durationMs);
  return entry.kind === 'metric' ? formatNumber(entry.metric.value) : '';
}
