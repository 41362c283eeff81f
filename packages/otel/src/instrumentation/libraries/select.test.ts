import { describe, expect, it } from 'vitest';
import type { LibraryEntry } from './entry.ts';
import { selectInstrumentations } from './select.ts';

const unused = () => {
  throw new Error('nothing is made here');
};
const table: LibraryEntry[] = [
  { name: 'http', modules: ['http'], create: unused },
  { name: 'pg', modules: ['pg'], create: unused },
  { name: 'pg-pool', modules: ['pg-pool'], create: unused },
  { name: 'console', modules: [], create: unused, optIn: true },
];

function select(enabled?: string[], disabled?: string[]) {
  const lines: string[] = [];
  const selected = selectInstrumentations(table, { enabled, disabled }, (line) => lines.push(line));
  return { names: selected.map(({ name }) => name), lines };
}

describe('selectInstrumentations', () => {
  it.each([
    ['everything but what is opt-in by default', undefined, undefined, ['http', 'pg', 'pg-pool']],
    ['only what is named', ['http'], undefined, ['http']],
    ['what is opt-in beside the rest', ['default', 'console'], undefined, ['http', 'pg', 'pg-pool', 'console']],
    ['nothing that is disabled', undefined, ['http'], ['pg', 'pg-pool']],
    ['the parts of a name with it', undefined, ['pg'], ['http']],
    ['a part alone', undefined, ['pg-pool'], ['http', 'pg']],
    ['what is disabled although it is enabled', ['http', 'pg'], ['pg'], ['http']],
  ])('takes %s', (_what, enabled, disabled, names) => {
    expect(select(enabled, disabled)).toEqual({ names, lines: [] });
  });

  it('says what it does not know, and goes by the rest', () => {
    const { names, lines } = select(undefined, ['fs', 'http', 'dns']);
    expect(names).toEqual(['pg', 'pg-pool']);
    expect(lines).toEqual([
      'OTEL_NODE_DISABLED_INSTRUMENTATIONS: no instrumentation is named fs, dns; there are http, pg, pg-pool, console. The other names count.',
    ]);
  });
});
