import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface RowDetailProps {
  /** CSS pixels from the top of the list. */
  top: number;
  onHeight: (height: number) => void;
  children: ComponentChildren;
}

/** What is opened below a row; tells the list how high it is. */
export function RowDetail({ top, onHeight, children }: RowDetailProps): JSX.Element {
  const element = useRef<HTMLDivElement>(null);
  const report = useRef(onHeight);
  report.current = onHeight;
  useLayoutEffect(() => {
    const box = element.current;
    if (box === null) return undefined;
    const observer = new ResizeObserver(() => report.current(box.offsetHeight));
    observer.observe(box);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={element} class="row-detail" role="row" aria-level={2} style={{ top: `${top}px` }}>
      <div role="gridcell">{children}</div>
    </div>
  );
}
