import type { InstrumentationEntry } from '../table.ts';

/** An entry of the table for a library. */
export interface LibraryEntry extends InstrumentationEntry {
  /** Only when OTEL_NODE_ENABLED_INSTRUMENTATIONS names it. */
  readonly optIn?: boolean;
}
