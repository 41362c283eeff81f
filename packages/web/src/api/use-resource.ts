import { useEffect, useRef, useState } from 'preact/hooks';
import { toApiError, type ApiError } from './errors.ts';

/** What a component knows of something it asked for. `data` of the last answer stays while a new one is under way. */
export interface Resource<T> {
  data: T | undefined;
  error: ApiError | undefined;
  loading: boolean;
  reload: () => void;
}

interface State<T> {
  key: string;
  data?: T;
  error?: ApiError;
}

interface Options {
  /** Asks again so long after each answer, while the page is visible; 0: never. */
  everyMs?: number;
  /** Keeps the answer for another key on screen until the new one is there, as for a changed filter. */
  keep?: boolean;
}

/**
 * Asks for something whenever `key` changes, drops answers that come too late, and asks again on a timer or on demand.
 * @param load is called with a signal that is aborted when the answer is no longer wanted
 */
export function useResource<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  { everyMs = 0, keep = false }: Options = {},
): Resource<T> {
  const [state, setState] = useState<State<T>>({ key: '' });
  const [round, setRound] = useState(0);
  const [busy, setBusy] = useState(true);
  const latest = useRef(load);
  latest.current = load;

  useEffect(() => {
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = (): void => {
      if (everyMs <= 0 || controller.signal.aborted) return;
      timer = setTimeout(() => (document.hidden ? again() : setRound((count) => count + 1)), everyMs);
    };
    const ask = async (): Promise<void> => {
      setBusy(true);
      try {
        const data = await latest.current(controller.signal);
        if (!controller.signal.aborted) setState({ key, data });
      } catch (thrown) {
        // A failed refresh keeps what was on screen; a failed new question does not show the answer to another.
        const error = toApiError(thrown);
        if (!controller.signal.aborted) {
          setState((before) => (before.key === key ? { ...before, error } : { key, error }));
        }
      }
      if (controller.signal.aborted) return;
      setBusy(false);
      again();
    };
    void ask();
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, [key, round, everyMs]);

  const current = state.key === key;
  return {
    data: current || keep ? state.data : undefined,
    error: current ? state.error : undefined,
    loading: busy || !current,
    reload: () => setRound((count) => count + 1),
  };
}
