import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { isDark } from '../../state/theme.ts';
import { aligned, type Line } from './lines.ts';
import type { Plot } from './plot.ts';

interface ChartProps {
  lines: readonly Line[];
  /** Name of the line to show alone; empty for all. */
  solo: string;
  format: (value: number) => string;
  /** The time under the pointer in seconds, or none. */
  onCursor: (seconds: number | undefined) => void;
}

/** The lines over time. The chart's code is loaded with the first chart; the legend below says its values in words. */
export function Chart({ lines, solo, format, onCursor }: ChartProps): JSX.Element {
  const element = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot>(null);
  const [failed, setFailed] = useState(false);
  const dark = isDark();
  const names = lines.map((line) => line.name).join('\n');

  useEffect(() => {
    const target = element.current;
    let gone = false;
    const start = async (): Promise<void> => {
      const { createPlot } = await import('./plot.ts');
      if (gone || target === null) return;
      plot.current = createPlot(target, { names: names.split('\n'), format, onCursor });
      plot.current.setData(aligned(lines));
      plot.current.showOnly(solo);
    };
    start().catch(() => setFailed(true));
    return () => {
      gone = true;
      plot.current?.destroy();
      plot.current = null;
    };
  }, [names, format, dark]);

  useEffect(() => plot.current?.setData(aligned(lines)), [lines]);
  useEffect(() => plot.current?.showOnly(solo), [solo]);

  if (failed) return <p class="panel-note">The chart’s code could not be loaded. Load the page again.</p>;
  return <div ref={element} class="chart" aria-hidden="true" />;
}
