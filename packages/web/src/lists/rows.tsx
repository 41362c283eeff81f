import type { ComponentChildren, HTMLAttributes, JSX } from 'preact';
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { isRowClick, movedIndex } from './list-keys.ts';
import { recall, remember } from './memory.ts';
import { RowDetail } from './row-detail.tsx';
import { useViewport } from './use-viewport.ts';
import { scrollFor, topOf, totalHeight, visibleRange, type RowLayout } from './window.ts';

type RowAttributes = HTMLAttributes<HTMLDivElement> & Record<`data-${string}`, string | undefined>;

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

/** A table or tree of any length that draws the rows in view, moved in with j, k, arrows, Home, End and Page keys, opened with Enter. */
export function Rows<T>(props: RowsProps<T>): JSX.Element {
  const { items, keyOf, rowHeight, headHeight = 0, memory = '', detail } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const [standing] = useState(() => (memory === '' ? undefined : recall(memory)));
  const [activeKey, setActiveKey] = useState(props.activeKey ?? standing?.activeKey ?? '');
  const [heights, setHeights] = useState<ReadonlyMap<string, number>>(new Map());
  const viewport = useViewport(scroller, standing?.scrollTop ?? 0);
  const viewHeight = Math.max(rowHeight, viewport.height - headHeight);

  const layout = useMemo<RowLayout>(() => {
    const open =
      detail === undefined ? [] : items.map((item, index) => ({ item, index })).filter(({ item }) => detail(item));
    const details = open.map(({ item, index }) => ({ index, height: heights.get(keyOf(item)) ?? 0 }));
    return { count: items.length, rowHeight, details };
  }, [items, detail, heights, rowHeight]);
  const active = useMemo(
    () => (activeKey === '' ? -1 : items.findIndex((item) => keyOf(item) === activeKey)),
    [items, activeKey],
  );

  useEffect(() => {
    if (memory !== '') remember(memory, { scrollTop: viewport.scrollTop, activeKey });
  }, [memory, viewport.scrollTop, activeKey]);

  const show = (index: number): void => {
    const element = scroller.current;
    if (element !== null && index >= 0) {
      element.scrollTop = scrollFor(
        layout,
        index,
        element.scrollTop,
        Math.max(rowHeight, element.clientHeight - headHeight),
      );
    }
  };
  useLayoutEffect(() => {
    if (props.activeKey === undefined || props.activeKey === activeKey) return;
    setActiveKey(props.activeKey);
    show(items.findIndex((item) => keyOf(item) === props.activeKey));
  }, [props.activeKey]);
  useLayoutEffect(() => {
    if (props.activeKey !== undefined) show(active);
  }, []);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.target instanceof HTMLElement && event.target !== scroller.current && event.key === 'Enter') return;
    const item = items[active];
    const next = movedIndex(event.key, active, items.length, Math.floor(viewHeight / rowHeight));
    const moved = next === undefined ? undefined : items[next];
    if (next !== undefined && moved !== undefined) {
      setActiveKey(keyOf(moved));
      show(next);
      props.onMove?.(moved);
    } else if (event.key === 'Enter' && item !== undefined) props.onOpen(item);
    else if (props.onKey?.(event.key, item) !== true) return;
    event.preventDefault();
    event.stopPropagation();
  };

  const [first, end] = visibleRange(layout, viewport.scrollTop, viewHeight, 8);
  const drawn: JSX.Element[] = [];
  for (let index = first; index < end; index += 1) {
    const item = items[index];
    if (item === undefined) break;
    const key = keyOf(item);
    const top = topOf(layout, index);
    const opened = detail?.(item);
    drawn.push(
      <div
        key={key}
        id={`${id}-${index}`}
        role="row"
        aria-rowindex={index + 2}
        {...props.rowAttributes?.(item)}
        class="row"
        data-active={index === active ? 'true' : undefined}
        style={{ top: `${top}px`, height: `${rowHeight}px` }}
        onClick={(event) => {
          if (!isRowClick(event)) return;
          setActiveKey(key);
          props.onOpen(item);
        }}
        onMouseEnter={props.onHover && ((event) => props.onHover?.(item, event.currentTarget))}
        onMouseLeave={props.onHover && (() => props.onHover?.(undefined, undefined))}
      >
        {props.row(item)}
      </div>,
    );
    if (opened !== undefined) {
      const resize = (height: number): void => setHeights((before) => new Map(before).set(key, height));
      drawn.push(
        <RowDetail key={`${key} detail`} top={top + rowHeight} onHeight={resize}>
          {opened}
        </RowDetail>,
      );
    }
  }

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
        {drawn}
      </div>
    </div>
  );
}
