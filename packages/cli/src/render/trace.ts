import type { Log, Span, Trace } from '@crmbet/telemetry';
import type { Style } from '../output.ts';
import { formatLevel } from './level.ts';
import { spanTree } from './span-tree.ts';
import { renderTable } from './table.ts';
import { count, oneLine } from './text.ts';
import { formatDuration, formatOffset, formatTime } from './time.ts';

const barWidth = 24;

/** A trace as a tree with durations and errors, and the log records of it below. */
export function renderTrace(trace: Trace, logs: readonly Log[], style: Style): string {
  const parts = [renderHead(trace, style), renderSpans(trace, style)];
  if (logs.length > 0) parts.push(renderTraceLogs(trace, logs, style));
  return parts.join('\n\n');
}

function renderHead(trace: Trace, { colors }: Style): string {
  const errors = trace.spans.filter(({ status }) => status === 'error').length;
  const ids = [...new Set(trace.spans.map(({ correlationId }) => correlationId))].filter((id) => id !== '');
  const facts = [
    formatTime(trace.startTimeUnixNano),
    formatDuration(trace.durationMs),
    count(trace.spans.length, 'span'),
    ...(errors > 0 ? [colors.red(count(errors, 'error'))] : []),
    trace.services.map(oneLine).join(', '),
  ];
  const head = [`${colors.bold('Trace')} ${colors.cyan(trace.traceId)}`, facts.join('  ')];
  if (ids.length > 0) head.push(`Correlation ID ${ids.map((id) => colors.cyan(oneLine(id))).join(', ')}`);
  return head.join('\n');
}

function renderSpans(trace: Trace, style: Style): string {
  const { colors } = style;
  const rows = spanTree(trace.spans).flatMap(({ span, branch, continuation, orphan }) => {
    const name = oneLine(span.name) + (orphan ? colors.dim(' (its parent is not stored)') : '');
    const failed = span.status === 'error';
    const line = [
      colors.dim(branch) + (failed ? colors.red(name) : name),
      oneLine(span.serviceName),
      colors.dim(formatOffset(span.startTimeUnixNano, trace.startTimeUnixNano)),
      formatDuration(span.durationMs),
      colors.dim(bar(span, trace)),
    ];
    const reasons = reasonsOf(span).map((reason) => [
      `${colors.dim(continuation)}${colors.red(`✗ ${oneLine(reason)}`)}`,
    ]);
    return [line].concat(reasons);
  });
  return renderTable(
    [
      { title: 'SPAN', shrinkTo: 30 },
      { title: 'SERVICE', shrinkTo: 8, dropOrder: 2 },
      { title: 'START', align: 'right', dropOrder: 3 },
      { title: 'DURATION', align: 'right' },
      { title: '', dropOrder: 4 },
    ],
    rows,
    style,
  );
}

/** Where in the trace's time the span lies. */
function bar(span: Span, trace: Trace): string {
  const whole = trace.durationMs > 0 ? trace.durationMs : 1;
  const offsetMs = Number(BigInt(span.startTimeUnixNano) - BigInt(trace.startTimeUnixNano)) / 1e6;
  const start = clamp(Math.floor((offsetMs / whole) * barWidth), 0, barWidth - 1);
  const length = clamp(Math.round((span.durationMs / whole) * barWidth), 1, barWidth - start);
  return '·'.repeat(start) + '█'.repeat(length) + '·'.repeat(barWidth - start - length);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

/** Why a span failed: its status message and its exceptions, each once. */
function reasonsOf(span: Span): string[] {
  const exceptions = span.events
    .filter(({ name }) => name === 'exception')
    .map(({ attributes }) =>
      [attributes['exception.type'], attributes['exception.message']].filter(Boolean).join(': '),
    );
  const said = exceptions.some((text) => text.includes(span.statusMessage));
  const status = span.status === 'error' && span.statusMessage !== '' && !said ? [span.statusMessage] : [];
  return [...new Set([...status, ...exceptions])].filter((text) => text !== '');
}

function renderTraceLogs(trace: Trace, logs: readonly Log[], style: Style): string {
  const names = new Map(trace.spans.map((span) => [span.spanId, span.name]));
  return renderTable(
    [
      { title: 'LOGS', align: 'right' },
      { title: 'LEVEL' },
      { title: 'SERVICE', shrinkTo: 8, dropOrder: 1 },
      { title: 'MESSAGE', shrinkTo: 30 },
      { title: 'IN SPAN', shrinkTo: 12, dropOrder: 2 },
    ],
    logs.map((log) => [
      style.colors.dim(formatOffset(log.timeUnixNano, trace.startTimeUnixNano)),
      formatLevel(log.level, style.colors),
      oneLine(log.serviceName),
      oneLine(log.body),
      style.colors.dim(oneLine(names.get(log.spanId) ?? '')),
    ]),
    style,
  );
}
