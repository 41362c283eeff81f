import type { TraceSummary } from '@crmbet/telemetry';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { formatDuration } from '../../format/duration.ts';
import { clockTime, dateTime, nanosToMs } from '../../format/time.ts';
import { traceHref } from '../../router/routes.ts';

interface Dot {
  trace: TraceSummary;
  startMs: number;
  /** Share of the width and height, 0 to 1, from the left and from the top. */
  x: number;
  y: number;
}

interface Scatter {
  dots: Dot[];
  fromMs: number;
  toMs: number;
  /** Decades of the logarithmic duration axis within the shown range. */
  lines: { ms: number; y: number }[];
}

/** Places traces by start (linear) and duration (logarithmic, since a slow request may take a thousand times a fast one). */
function scatter(traces: readonly TraceSummary[]): Scatter {
  const starts = traces.map((trace) => nanosToMs(trace.startTimeUnixNano));
  const logs = traces.map((trace) => Math.log10(Math.max(trace.durationMs, 1e-3)));
  const fromMs = Math.min(...starts);
  const toMs = Math.max(...starts, fromMs + 1);
  const low = Math.floor(Math.min(...logs));
  const high = Math.max(Math.ceil(Math.max(...logs)), low + 1);
  const yOf = (log: number): number => (high - log) / (high - low);
  const dots = traces.map((trace, index) => {
    const startMs = starts[index] ?? fromMs;
    return { trace, startMs, x: (startMs - fromMs) / (toMs - fromMs), y: yOf(logs[index] ?? low) };
  });
  const lines = Array.from({ length: high - low + 1 }, (_, step) => ({ ms: 10 ** (low + step), y: yOf(low + step) }));
  return { dots, fromMs, toMs, lines };
}

/** Durations over time, a dot for each trace found; the rows below say the same in words. */
export function DurationScatter({ traces }: { traces: readonly TraceSummary[] }): JSX.Element {
  const { dots, fromMs, toMs, lines } = useMemo(() => scatter(traces), [traces]);
  const labelled = lines.length > 4 ? lines.filter((_, index) => index % 2 === 0) : lines;
  return (
    <div class="scatter" aria-hidden="true">
      <div class="scatter-plot">
        {lines.map((line) => (
          <span key={line.ms} class="scatter-line" style={{ top: `${line.y * 100}%` }} />
        ))}
        {labelled.map((line) => (
          <span key={line.ms} class="scatter-label" style={{ top: `${line.y * 100}%` }}>
            {formatDuration(line.ms)}
          </span>
        ))}
        {dots.map(({ trace, startMs, x, y }) => (
          <a
            key={trace.traceId}
            class="dot"
            href={traceHref(trace.traceId)}
            tabIndex={-1}
            data-error={trace.errorCount > 0}
            style={{ left: `${x * 100}%`, top: `${y * 100}%` }}
            title={`${trace.rootName}, ${formatDuration(trace.durationMs)}, ${dateTime(startMs)}`}
          />
        ))}
      </div>
      <p class="scatter-times">
        <span>{clockTime(fromMs)}</span>
        <span>{clockTime(toMs)}</span>
      </p>
    </div>
  );
}
