import type { MetricSeries } from '@crmbet/telemetry';

/** More lines than this tell nothing; those with the highest values are drawn. */
export const mostLines = 30;

/** A series with what its legend says. */
export interface Line {
  name: string;
  points: MetricSeries['points'];
  last: number;
  average: number;
  highest: number;
}

/** `method=GET route=/users`; without the labels that are the same for all lines, since they tell none apart. */
export function lineName(labels: Record<string, string>, common: ReadonlySet<string>): string {
  const own = Object.entries(labels).filter(([key]) => !common.has(key));
  return own.map(([key, value]) => `${key}=${value}`).join('  ');
}

/** Labels with one and the same value in every series. */
function commonLabels(series: readonly MetricSeries[]): Set<string> {
  const [first, ...rest] = series;
  const entries = Object.entries(first?.labels ?? {});
  return new Set(
    entries
      .filter(([key, value]) => rest.length > 0 && rest.every((one) => one.labels[key] === value))
      .map(([key]) => key),
  );
}

/** The series as lines, highest first, at most `mostLines` of them. */
export function linesOf(series: readonly MetricSeries[], fallbackName: string): Line[] {
  const common = commonLabels(series);
  const lines = series
    .filter((one) => one.points.length > 0)
    .map(({ labels, points }) => {
      const values = points.map(([, value]) => value);
      const name = lineName(labels, common);
      return {
        name: name === '' ? fallbackName : name,
        points,
        last: values.at(-1) ?? 0,
        average: values.reduce((sum, value) => sum + value, 0) / values.length,
        highest: values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY),
      };
    });
  return lines.toSorted((one, other) => other.highest - one.highest).slice(0, mostLines);
}

/** Lines over one shared list of times in seconds, as the chart takes them; a time that a line lacks is `null`. */
export function aligned(lines: readonly Line[]): [number[], ...(number | null)[][]] {
  const times = [...new Set(lines.flatMap((line) => line.points.map(([ms]) => ms)))].toSorted(
    (one, other) => one - other,
  );
  const values = lines.map((line) => {
    const byTime = new Map(line.points);
    return times.map((ms) => byTime.get(ms) ?? null);
  });
  return [times.map((ms) => ms / 1000), ...values];
}
