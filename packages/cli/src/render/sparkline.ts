const blocks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** The course of values in at most `width` characters; neighbours are averaged where there are more values. */
export function sparkline(values: readonly number[], width: number): string {
  const shown = resample(
    values.filter((value) => Number.isFinite(value)),
    width,
  );
  const least = Math.min(...shown);
  const span = Math.max(...shown) - least;
  return shown
    .map((value) => blocks[span === 0 ? 0 : Math.round(((value - least) / span) * (blocks.length - 1))])
    .join('');
}

function resample(values: readonly number[], width: number): number[] {
  if (values.length <= width) return [...values];
  return Array.from({ length: width }, (_, index) => {
    const from = Math.floor((index * values.length) / width);
    const to = Math.floor(((index + 1) * values.length) / width);
    const part = values.slice(from, to);
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
}
