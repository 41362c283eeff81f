/** An answer that is cut off where it would grow too long. */
export interface Limited<T> {
  items: T[];
  /** There is more than this. */
  truncated: boolean;
}

/** The first `most` of what a query found that asked for one more. */
export function limitedTo<T>(most: number, found: readonly T[]): Limited<T> {
  return { items: found.slice(0, most), truncated: found.length > most };
}
