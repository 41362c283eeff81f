import Table from 'cli-table3';
import stringWidth from 'string-width';
import type { Style } from '../output.ts';

export interface Column {
  title: string;
  align?: 'left' | 'right';
  /** Shrinks to this many characters where the terminal is narrow; what does not fit is cut with …. */
  shrinkTo?: number;
  /** Left out when no row has anything in it, and where the terminal is too narrow even then; the highest number goes first. */
  dropOrder?: number;
}

const gap = '  ';
const noBorder = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid', 'left-mid', 'mid-mid', 'right-mid']
    .flatMap((name) =>
      name.includes('-') || name === 'mid' ? [name] : [name, `${name}-mid`, `${name}-left`, `${name}-right`],
    )
    .map((name) => [name, '']),
);

/** Columns under their titles, without borders, not wider than the style allows. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[], style: Style): string {
  const shown = fittingColumns(columns, rows, style.width);
  const table = new Table({
    chars: { ...noBorder, middle: gap },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    head: shown.map(({ column }) => style.colors.bold(column.title)),
    colAligns: shown.map(({ column }) => column.align ?? 'left'),
    colWidths: shown.map(({ width }) => width),
  });
  table.push(...rows.map((row) => shown.map(({ index }) => row[index] ?? '')));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

interface ShownColumn {
  column: Column;
  index: number;
  /** Characters. */
  width: number;
}

function fittingColumns(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  available = Infinity,
): ShownColumn[] {
  let shown: ShownColumn[] = columns
    .map((column, index) => {
      const widest = rows.reduce((most, row) => Math.max(most, stringWidth(row[index] ?? '')), 0);
      return { column, index, widest, width: Math.max(widest, stringWidth(column.title)) };
    })
    .filter(({ column, widest }) => widest > 0 || column.dropOrder === undefined);
  for (;;) {
    const tooWide = totalWidth(shown) - available;
    if (tooWide <= 0) return shown;
    const shrunk = shrink(shown, tooWide);
    if (totalWidth(shrunk) <= available) return shrunk;
    const dropped = shown
      .filter(({ column }) => column.dropOrder !== undefined)
      .sort((a, b) => (b.column.dropOrder ?? 0) - (a.column.dropOrder ?? 0))[0];
    if (dropped === undefined) return shrunk;
    shown = shown.filter((column) => column !== dropped);
  }
}

function totalWidth(columns: readonly ShownColumn[]): number {
  return columns.reduce((sum, { width }) => sum + width, gap.length * (columns.length - 1));
}

/** Takes `tooWide` characters from the columns that can give some, from the right. */
function shrink(columns: readonly ShownColumn[], tooWide: number): ShownColumn[] {
  let left = tooWide;
  return columns
    .toReversed()
    .map((shown) => {
      const least = Math.min(shown.width, shown.column.shrinkTo ?? shown.width);
      const taken = Math.min(left, shown.width - least);
      left -= taken;
      return { column: shown.column, index: shown.index, width: shown.width - taken };
    })
    .toReversed();
}
