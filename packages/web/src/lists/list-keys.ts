/** The row that a key moves to from the active one (-1: none yet), or `undefined` when the key moves nothing. */
export function movedIndex(key: string, active: number, count: number, page: number): number | undefined {
  const last = count - 1;
  const to = (index: number): number => Math.max(0, Math.min(last, index));
  if (count === 0) return undefined;
  switch (key) {
    case 'j':
    case 'ArrowDown':
      return to(active + 1);
    case 'k':
    case 'ArrowUp':
      return to(active - 1);
    case 'PageDown':
      return to(active + page);
    case 'PageUp':
      return to(active - page);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}

/** True for a click that a row should take: not on a control in it, and not the end of selecting text. */
export function isRowClick(event: MouseEvent): boolean {
  const onControl = event.target instanceof Element && event.target.closest('a, button, input, summary') !== null;
  return !onControl && event.button === 0 && window.getSelection()?.type !== 'Range';
}
