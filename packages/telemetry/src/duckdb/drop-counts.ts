/** Records dropped since the start, by reason. */
export class DropCounts {
  readonly #counts = new Map<string, number>();

  add(reason: string, records: number): void {
    if (records > 0) this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + records);
  }

  get all(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }
}
