import type { ComponentChildren, JSX } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import { movedIndex } from './list-keys.ts';
import { recall } from './memory.ts';
import { RowDetail } from './row-detail.tsx';
import { Row, type RowAttributes } from './row.tsx';
import { useActiveRow } from './use-active-row.ts';
import { useRowLayout } from './use-row-layout.ts';
import { useViewport } from './use-viewport.ts';
import { scrollFor, topOf, totalHeight, visibleRange } from './window.ts';

interface RowsProps<T> {
  items: readonly T[];
  /** Unique in the list and stable when it is loaded again. */
  keyOf: (item: T) => string;
  /** CSS pixels. */
  rowHeight: number;
  headHeight?: number;
  /** Names the list for screen readers. */
  label: string;
  /** Default: `treegrid` when rows open, else `grid`. */
  role?: 'treegrid';
  /** Class of the list; its rows take their columns from it. */
  class: string;
  head?: ComponentChildren;
  /** The cells of a row; drawn only while the row is in view. */
  row: (item: T) => ComponentChildren;
  rowAttributes?: (item: T) => RowAttributes;
  /** What is open below a row. */
  detail?: (item: T) => ComponentChildren | undefined;
  onOpen: (item: T) => void;
  /** The active row moved by a key. */
  onMove?: (item: T) => void;
  /** Other keys; true when it was used. */
  onKey?: (key: string, item: T | undefined) => boolean;
  onHover?: (item: T | undefined, row: HTMLElement | undefined) => void;
  /** Where to keep scroll position and active row for a return to this page. */
  memory?: string;
  /** Row to show as active and keep in view, when it is decided elsewhere. */
  activeKey?: string | undefined;
  /** True for the list that j and k go to from anywhere on the page. */
  primary?: boolean;
}

/** Rows drawn beyond each edge of the view, so that scrolling shows no gaps. */
const spareRows = 8;

/** A table or tree of any length that draws the rows in view, moved in with j, k, arrows, Home, End and Page keys, opened with Enter. */
export function Rows<T>(props: RowsProps<T>): JSX.Element {
  const { items, keyOf, rowHeight, headHeight = 0, memory = '', detail, onHover } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [startTop] = useState(() => recall(memory)?.scrollTop ?? 0);
  const viewport = useViewport(scroller, startTop);
  const { layout, reportHeight } = useRowLayout(items, keyOf, rowHeight, detail);
  const roomFor = (height: number): number => Math.max(rowHeight, height - headHeight);
  const show = (index: number): void => {
    const element = scroller.current;
    if (element === null || index < 0) return;
    element.scrollTop = scrollFor(layout, index, element.scrollTop, roomFor(element.clientHeight));
  };
  const { scrollTop } = viewport;
  const { active, activate } = useActiveRow({ items, keyOf, activeKey: props.activeKey, memory, scrollTop, show });

  const move = (index: number, item: T): void => {
    activate(keyOf(item));
    show(index);
    props.onMove?.(item);
  };
  /** @returns true when the key was used */
  const takeKey = (key: string): boolean => {
    const index = movedIndex(key, active, items.length, Math.floor(roomFor(viewport.height) / rowHeight));
    const target = index === undefined ? undefined : items[index];
    const item = items[active];
    if (index !== undefined && target !== undefined) move(index, target);
    else if (key === 'Enter' && item !== undefined) props.onOpen(item);
    else return props.onKey?.(key, item) === true;
    return true;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // Enter belongs to the link or button in a row that has the focus.
    const elsewhere = event.key === 'Enter' && event.target !== scroller.current;
    if (elsewhere || event.metaKey || event.ctrlKey || event.altKey || !takeKey(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  const draw = (item: T, index: number): JSX.Element[] => {
    const key = keyOf(item);
    const top = topOf(layout, index);
    const open = (): void => {
      activate(key);
      props.onOpen(item);
    };
    const row = (
      <Row
        key={key}
        id={`${id}-${index}`}
        index={index}
        top={top}
        height={rowHeight}
        active={index === active}
        attributes={props.rowAttributes?.(item)}
        onClick={open}
        onHover={onHover && ((element) => onHover(element && item, element))}
      >
        {props.row(item)}
      </Row>
    );
    const opened = detail?.(item);
    if (opened === undefined) return [row];
    return [
      row,
      <RowDetail key={`${key} detail`} top={top + rowHeight} onHeight={(height) => reportHeight(key, height)}>
        {opened}
      </RowDetail>,
    ];
  };

  const [first, end] = visibleRange(layout, scrollTop, roomFor(viewport.height), spareRows);
  return (
    <div
      ref={scroller}
      class={`rows ${props.class}`}
      role={props.role ?? (detail === undefined ? 'grid' : 'treegrid')}
      tabIndex={0}
      aria-label={props.label}
      aria-rowcount={items.length + 1}
      aria-activedescendant={active >= first && active < end ? `${id}-${active}` : undefined}
      data-primary-list={props.primary === true ? 'true' : undefined}
      onKeyDown={onKeyDown}
    >
      {props.head !== undefined && (
        <div class="rows-head" role="row" aria-rowindex={1}>
          {props.head}
        </div>
      )}
      <div class="rows-body" role="presentation" style={{ height: `${totalHeight(layout)}px` }}>
        {items.slice(first, end).flatMap((item, offset) => draw(item, first + offset))}
      </div>
    </div>
  );
}
