/** Once every request is answered, this long is left for answers to leave; connections that only wait are then cut. */
export const CLOSE_LINGER_MS = 200;

/** Requests being handled, so that closing can wait for them. */
export class Pending {
  private readonly running = new Set<Promise<void>>();

  add(work: Promise<void>): void {
    this.running.add(work);
    void work.finally(() => this.running.delete(work));
  }

  /** Resolves when nothing is running any more or the time is up, whichever comes first. */
  async settled(timeoutMs: number): Promise<void> {
    await withinTime(Promise.allSettled(this.running), timeoutMs);
  }
}

/** Resolves when `work` does or the time is up; says which. */
export async function withinTime(work: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
