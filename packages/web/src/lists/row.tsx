import type { ComponentChildren, HTMLAttributes, JSX } from 'preact';
import { isRowClick } from './list-keys.ts';

export type RowAttributes = HTMLAttributes<HTMLDivElement> & Record<`data-${string}`, string | undefined>;

interface RowProps {
  id: string;
  /** In the list, from 0. */
  index: number;
  /** CSS pixels. */
  top: number;
  height: number;
  active: boolean;
  attributes: RowAttributes | undefined;
  onClick: () => void;
  onHover: ((row: HTMLElement | undefined) => void) | undefined;
  children: ComponentChildren;
}

/** One row at its place in the list. */
export function Row({ id, index, top, height, active, attributes, onClick, onHover, children }: RowProps): JSX.Element {
  return (
    <div
      id={id}
      role="row"
      // The head is the first row.
      aria-rowindex={index + 2}
      {...attributes}
      class="row"
      data-active={active ? 'true' : undefined}
      style={{ top: `${top}px`, height: `${height}px` }}
      onClick={(event) => isRowClick(event) && onClick()}
      onMouseEnter={onHover && ((event) => onHover(event.currentTarget))}
      onMouseLeave={onHover && (() => onHover(undefined))}
    >
      {children}
    </div>
  );
}
