import type { Warn } from './read.ts';

/** A mapping of the file. */
export type Node = Readonly<Record<string, unknown>>;

/**
 * One mapping of the file while it is read: it knows which keys were read, so that every other one can be named as
 * something that this SDK does not have. Nothing is ignored in silence.
 */
export class Reading {
  readonly #node: Node | undefined;
  readonly #path: string;
  readonly #warn: Warn;
  readonly #used = new Set<string>();
  readonly #children: Reading[] = [];

  constructor(node: Node | undefined, path: string, warn: Warn) {
    this.#node = node;
    this.#path = path;
    this.#warn = warn;
  }

  get exists(): boolean {
    return this.#node !== undefined;
  }

  /** Marks keys as read by somebody else. */
  use(...keys: string[]): void {
    for (const key of keys) this.#used.add(key);
  }

  child(key: string): Reading {
    return this.#adopt(this.#take(key), this.#pathOf(key));
  }

  /** The mappings of a list. */
  items(key: string): Reading[] {
    const list = this.#take(key);
    if (!Array.isArray(list)) return [];
    return list.map((item, index) => this.#adopt(item, `${this.#pathOf(key)}[${index}]`));
  }

  text(key: string): string | undefined {
    const value = this.#take(key);
    return typeof value === 'string' ? value : undefined;
  }

  number(key: string): number | undefined {
    const value = this.#take(key);
    return typeof value === 'number' ? value : undefined;
  }

  /** A list of texts. */
  texts(key: string): string[] | undefined {
    const value = this.#take(key);
    return Array.isArray(value) ? value.map((item) => String(item).toLowerCase()) : undefined;
  }

  /** Values under the names that the settings have for them; `never` fits each, because the schema of the file has checked their types. */
  pick<const T extends string>(names: Readonly<Record<string, T>>): { [K in T]?: never } {
    const found: { [K in T]?: never } = {};
    for (const [key, name] of Object.entries(names)) {
      const value = this.#take(key);
      if (value !== undefined && value !== null) found[name] = value as never;
    }
    return found;
  }

  /** The one key of a mapping that names a kind, such as an exporter; others are reported as a `what` that is not there. */
  choose<const T extends string>(known: Readonly<Record<string, T>>, what: string): { choice: T; reading: Reading }[] {
    return Object.keys(this.#node ?? {}).flatMap((key) => {
      const choice = known[key];
      if (choice !== undefined) return [{ choice, reading: this.child(key) }];
      this.use(key);
      this.missing(`${what} \`${key}\``);
      return [];
    });
  }

  /** Says that `what` is not there. */
  missing(what: string, instead = 'it is left out'): void {
    this.#warn(`${this.#path || 'the file'} names ${what}, which @crmbet/otel does not have; ${instead}`);
  }

  /** Names every key that was never read, here and below. */
  reportRest(): void {
    for (const [key, value] of Object.entries(this.#node ?? {})) {
      if (!this.#used.has(key) && value !== null && value !== undefined) this.missing(`\`${key}\``);
    }
    for (const child of this.#children) child.reportRest();
  }

  #adopt(value: unknown, path: string): Reading {
    // A key without a value (`console:`) is a mapping with nothing in it.
    const node = value === null ? {} : typeof value === 'object' ? (value as Node) : undefined;
    const child = new Reading(node, path, this.#warn);
    this.#children.push(child);
    return child;
  }

  #take(key: string): unknown {
    this.#used.add(key);
    return this.#node?.[key];
  }

  #pathOf(key: string): string {
    return this.#path === '' ? key : `${this.#path}.${key}`;
  }
}
