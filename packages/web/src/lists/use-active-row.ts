import { useEffect, useLayoutEffect, useMemo, useState } from 'preact/hooks';
import { recall, remember } from './memory.ts';

interface ActiveRowOptions<T> {
  items: readonly T[];
  keyOf: (item: T) => string;
  /** Decided elsewhere; `undefined` leaves it to the list. */
  activeKey: string | undefined;
  /** Where to keep it for a return to this page; empty for not at all. */
  memory: string;
  scrollTop: number;
  /** Brings a row into view. */
  show: (index: number) => void;
}

/** Which row is active: the one moved to, or the one that the page says; remembered for a return. -1 when none is. */
export function useActiveRow<T>(options: ActiveRowOptions<T>): { active: number; activate: (key: string) => void } {
  const { items, keyOf, activeKey, memory, scrollTop, show } = options;
  const [key, setKey] = useState(() => activeKey ?? recall(memory)?.activeKey ?? '');
  const active = useMemo(() => (key === '' ? -1 : items.findIndex((item) => keyOf(item) === key)), [items, key]);

  useEffect(() => {
    if (memory !== '') remember(memory, { scrollTop, activeKey: key });
  }, [memory, scrollTop, key]);
  useLayoutEffect(() => {
    if (activeKey === undefined) return;
    setKey(activeKey);
    show(items.findIndex((item) => keyOf(item) === activeKey));
  }, [activeKey]);

  return { active, activate: setKey };
}
