import 'uplot/dist/uPlot.min.css';
import UPlot from 'uplot';
import { calendarDay, clockTime } from '../../format/time.ts';
import { hueCount } from '../../state/service-color.ts';

export interface PlotOptions {
  /** Names of the lines, in the order of the data. */
  names: readonly string[];
  format: (value: number) => string;
  /** The time under the pointer in seconds, or none. */
  onCursor: (seconds: number | undefined) => void;
}

/** A chart that is on the page. */
export interface Plot {
  setData: (data: UPlot.AlignedData) => void;
  /** Shows the line of that name alone; all for an empty name. */
  showOnly: (name: string) => void;
  destroy: () => void;
}

const heightPx = 300;
const daySeconds = 86_400;
/** Up to so many values each has a dot; more of them hide the line. */
const fewPoints = 20;

/** Times of the axis: the day when ticks are days apart, seconds only when they are less than a minute apart. */
function axisTimes(_plot: UPlot, ticks: number[]): string[] {
  const step = (ticks[1] ?? 0) - (ticks[0] ?? 0);
  return ticks.map((seconds) => {
    if (step >= daySeconds) return calendarDay(seconds * 1000).slice(5);
    return clockTime(seconds * 1000).slice(0, step < 60 ? 8 : 5);
  });
}

/** Which values of a line have a dot: all when they are few, else those without a neighbour, which no line would show. */
function dotted(plot: UPlot, seriesIndex: number): number[] | null {
  const values = plot.data[seriesIndex] ?? [];
  if (values.length <= fewPoints) return null;
  const isGap = (index: number): boolean => (values[index] ?? null) === null;
  return [...values.keys()].filter((index) => !isGap(index) && isGap(index - 1) && isGap(index + 1));
}

function optionsOf(target: HTMLElement, { names, format, onCursor }: PlotOptions): UPlot.Options {
  const style = getComputedStyle(target);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const font = `12px ${style.fontFamily}`;
  const axis: UPlot.Axis = {
    stroke: colour('--text-2'),
    font,
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
  };
  const series = names.map((name, index): UPlot.Series => {
    const stroke = colour(`--hue-${index % hueCount}`);
    return {
      label: name,
      stroke,
      width: 1.75,
      points: { size: 5, show: true, filter: dotted },
      // A single line gets a soft fill; more of them would only cover each other.
      ...(names.length === 1 && { fill: `${stroke}24` }),
    };
  });
  return {
    width: target.clientWidth,
    height: heightPx,
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { size: 7 } },
    scales: {
      y: {
        range: (_plot, low, high) =>
          low === high ? [Math.min(0, low), high === 0 ? 1 : high * 1.2] : [Math.min(0, low), high * 1.08],
      },
    },
    axes: [
      { ...axis, size: 28, space: 70, values: axisTimes },
      { ...axis, size: 64, values: (_plot, ticks) => ticks.map((tick) => format(tick)) },
    ],
    series: [{}, ...series],
    hooks: {
      setCursor: [
        (plot) =>
          onCursor(
            plot.cursor.idx === null || plot.cursor.idx === undefined ? undefined : plot.data[0][plot.cursor.idx],
          ),
      ],
    },
  };
}

/** Draws a chart in `target`, in the colours of the style sheet at that moment, as wide as it is. */
export function createPlot(target: HTMLElement, options: PlotOptions): Plot {
  const plot = new UPlot(optionsOf(target, options), [[]], target);
  const observer = new ResizeObserver(() => plot.setSize({ width: target.clientWidth, height: heightPx }));
  observer.observe(target);
  return {
    setData: (data) => plot.setData(data),
    showOnly: (name) => {
      for (const [index, one] of options.names.entries())
        plot.setSeries(index + 1, { show: name === '' || one === name });
    },
    destroy: () => {
      observer.disconnect();
      plot.destroy();
    },
  };
}
