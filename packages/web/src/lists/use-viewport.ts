import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

interface Viewport {
  scrollTop: number;
  height: number;
}

/** The scroll position and inner height of a scrolling element, followed as they change. */
export function useViewport(ref: RefObject<HTMLElement | null>, initialTop: number): Viewport {
  const [viewport, setViewport] = useState<Viewport>({ scrollTop: initialTop, height: 600 });

  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const read = (): void => setViewport({ scrollTop: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(read);
    if (initialTop > 0) element.scrollTop = initialTop;
    observer.observe(element);
    element.addEventListener('scroll', read, { passive: true });
    read();
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', read);
    };
  }, []);

  return viewport;
}
