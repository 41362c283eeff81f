import type { JSX } from 'preact';
import { clockTime } from '../../format/time.ts';
import { hueCount } from '../../state/service-color.ts';
import type { Line } from './lines.ts';

interface LegendProps {
  lines: readonly Line[];
  /** Name of the line shown alone; empty for all. */
  solo: string;
  onSolo: (name: string) => void;
  format: (value: number) => string;
  /** The time under the pointer. */
  cursorSeconds: number | undefined;
}

/** The lines by name with their values; a click on a name shows that line alone. */
export function Legend({ lines, solo, onSolo, format, cursorSeconds }: LegendProps): JSX.Element {
  const cursorMs = cursorSeconds === undefined ? undefined : cursorSeconds * 1000;
  const valueAt = (line: Line): string => {
    const value = line.points.find(([ms]) => ms === cursorMs)?.[1];
    return value === undefined ? '' : format(value);
  };
  return (
    <table class="legend-table">
      <thead>
        <tr>
          <th scope="col">Line</th>
          <th scope="col" class="number at">
            {cursorMs === undefined ? (
              <span class="visually-hidden">At the pointer</span>
            ) : (
              clockTime(cursorMs).slice(0, 8)
            )}
          </th>
          <th scope="col" class="number">
            Last
          </th>
          <th scope="col" class="number">
            Average
          </th>
          <th scope="col" class="number">
            Highest
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line, index) => (
          <tr key={line.name} data-hue={index % hueCount} data-muted={solo !== '' && solo !== line.name}>
            <th scope="row">
              <button
                type="button"
                aria-pressed={solo === line.name}
                onClick={() => onSolo(solo === line.name ? '' : line.name)}
              >
                <span class="swatch" aria-hidden="true" />
                {line.name}
              </button>
            </th>
            <td class="number at">{valueAt(line)}</td>
            <td class="number">{format(line.last)}</td>
            <td class="number">{format(line.average)}</td>
            <td class="number">{format(line.highest)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
