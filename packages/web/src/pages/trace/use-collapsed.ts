import { useMemo, useState } from 'preact/hooks';
import type { SpanNode } from './tree.ts';
import { visibleRows } from './tree.ts';

interface Collapsed {
  /** Keys of the spans whose children are hidden. */
  keys: ReadonlySet<string>;
  toggle: (key: string) => void;
  /** Closes or opens one; false when that changes nothing. */
  set: (node: SpanNode, closed: boolean) => boolean;
  closeAll: () => void;
  openAll: () => void;
}

const none: ReadonlySet<string> = new Set();

/** Which spans of a tree are closed. All are open at first. */
export function useCollapsed(roots: readonly SpanNode[]): Collapsed {
  const [keys, setKeys] = useState<ReadonlySet<string>>(none);
  const parents = useMemo(() => visibleRows(roots, none).filter((node) => node.children.length > 0), [roots]);

  const change = (key: string, closed: boolean): void => {
    const next = new Set(keys);
    if (closed) next.add(key);
    else next.delete(key);
    setKeys(next);
  };
  return {
    keys,
    toggle: (key) => change(key, !keys.has(key)),
    set: (node, closed) => {
      if (node.children.length === 0 || keys.has(node.key) === closed) return false;
      change(node.key, closed);
      return true;
    },
    closeAll: () => setKeys(new Set(parents.map((node) => node.key))),
    openAll: () => setKeys(none),
  };
}
