const signals = ['SIGTERM', 'SIGINT'] as const;
type Signal = (typeof signals)[number];
type Listener = () => void;

/**
 * Flushes on SIGTERM and SIGINT and leaves everything else as it would be without us: an application with a handler of
 * its own decides, in its time; without one the process dies of that signal after the flush, at once on a second signal.
 * @param flush bounded; keeps the process alive until it is done
 * @param flushBeside the same beside a handler of the application: must not keep the process alive
 * @returns what ends it
 */
export function watchSignals(flush: () => Promise<void>, flushBeside: () => void): () => void {
  const ours = new Map<Signal, Listener>(signals.map((signal) => [signal, createListener(signal, flush, flushBeside)]));
  for (const [signal, listener] of ours) process.on(signal, listener);
  const restore = hide(new Set<unknown>(ours.values()));
  return () => {
    for (const [signal, listener] of ours) process.removeListener(signal, listener);
    restore();
  };
}

function createListener(signal: Signal, flush: () => Promise<void>, flushBeside: () => void): Listener {
  let dying = false;
  const wasRemoved = watchRemovals(signal);
  const die = () => {
    process.removeListener(signal, listener);
    process.kill(process.pid, signal);
  };
  const listener = () => {
    if (process.listenerCount(signal) > 1 || wasRemoved()) return flushBeside();
    if (dying) return die();
    dying = true;
    void flush().then(die);
  };
  return listener;
}

/** Whether a listener was removed in this very turn: one that was put before ours with `prependOnceListener` has run and is gone. */
function watchRemovals(signal: Signal): () => boolean {
  let removed = false;
  process.on('removeListener', (event) => {
    if (event !== signal) return;
    removed = true;
    queueMicrotask(() => {
      removed = false;
    });
  });
  return () => removed;
}

/**
 * Packages like signal-exit end the process themselves when `process.listeners(signal)` holds nobody but them; with our
 * listeners in that list nobody would.
 */
function hide(ours: ReadonlySet<unknown>): () => void {
  const { listeners } = process;
  process.listeners = function (this: NodeJS.Process, event: string) {
    return Reflect.apply(listeners, this, [event]).filter((listener: unknown) => !ours.has(listener));
  } as typeof process.listeners;
  return () => {
    process.listeners = listeners;
  };
}
