import type { ComponentChildren } from 'preact';
import { useCallback, useMemo, useState } from 'preact/hooks';
import type { RowLayout } from './window.ts';

/** The layout of a list whose rows may be opened, and the place where opened rows report their height. */
export function useRowLayout<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  rowHeight: number,
  detail: ((item: T) => ComponentChildren | undefined) | undefined,
): { layout: RowLayout; reportHeight: (key: string, height: number) => void } {
  const [heights, setHeights] = useState<ReadonlyMap<string, number>>(new Map());
  const layout = useMemo<RowLayout>(() => {
    const details: { index: number; height: number }[] = [];
    if (detail !== undefined) {
      for (const [index, item] of items.entries()) {
        if (detail(item) !== undefined) details.push({ index, height: heights.get(keyOf(item)) ?? 0 });
      }
    }
    return { count: items.length, rowHeight, details };
  }, [items, detail, heights, rowHeight]);
  const reportHeight = useCallback(
    (key: string, height: number) => setHeights((before) => new Map(before).set(key, height)),
    [],
  );
  return { layout, reportHeight };
}
