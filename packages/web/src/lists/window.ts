/** Rows of one height, some of them with a taller detail opened below, in a list that only draws what is in view. */
export interface RowLayout {
  count: number;
  rowHeight: number;
  /** Opened details by ascending row index, heights in CSS pixels. */
  details: readonly { index: number; height: number }[];
}

/** Distance in pixels from the top of the list to the top of a row. */
export function topOf(layout: RowLayout, index: number): number {
  let top = index * layout.rowHeight;
  for (const detail of layout.details) {
    if (detail.index >= index) break;
    top += detail.height;
  }
  return top;
}

export function totalHeight(layout: RowLayout): number {
  return topOf(layout, layout.count);
}

/** The row at a distance from the top, clamped to the list; a detail belongs to its row. */
export function indexAt(layout: RowLayout, y: number): number {
  let rest = y;
  let index = 0;
  for (const detail of layout.details) {
    const rowsBefore = (detail.index + 1 - index) * layout.rowHeight;
    if (rest < rowsBefore) break;
    rest -= rowsBefore;
    if (rest < detail.height) return detail.index;
    rest -= detail.height;
    index = detail.index + 1;
  }
  return Math.max(0, Math.min(layout.count - 1, index + Math.floor(rest / layout.rowHeight)));
}

/** First and one past the last row to draw, with some more on each side so that scrolling shows no gaps. */
export function visibleRange(
  layout: RowLayout,
  scrollTop: number,
  viewHeight: number,
  spare: number,
): [number, number] {
  if (layout.count === 0) return [0, 0];
  const first = indexAt(layout, scrollTop) - spare;
  const last = indexAt(layout, scrollTop + viewHeight) + 1 + spare;
  return [Math.max(0, first), Math.min(layout.count, last)];
}

/** Where to scroll so that a row is in view, or the present position when it is. */
export function scrollFor(layout: RowLayout, index: number, scrollTop: number, viewHeight: number): number {
  const top = topOf(layout, index);
  if (top < scrollTop) return top;
  const below = top + layout.rowHeight - viewHeight;
  return below > scrollTop ? below : scrollTop;
}
