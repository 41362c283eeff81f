import type { Reading } from './file-reading.ts';
import type { SettingsInput } from './read.ts';

type Traces = NonNullable<SettingsInput['traces']>;

const kinds = {
  always_on: 'always_on',
  always_off: 'always_off',
  trace_id_ratio_based: 'traceidratio',
  'probability/development': 'traceidratio',
} as const;

/** The sampler of the file; its default is parent-based and always on. */
export function samplerFromFile(reading: Reading): Pick<Traces, 'sampler' | 'samplerRatio'> {
  if (!reading.exists) return {};
  const [found] = reading.choose({ ...kinds, parent_based: 'parent_based' }, 'sampler');
  if (found === undefined) return {};
  if (found.choice !== 'parent_based') return withRatio(found.choice, found.reading);
  checkParents(found.reading);
  const root = found.reading.child('root');
  const [inner] = root.exists ? root.choose(kinds, 'sampler below `parent_based`') : [];
  if (inner === undefined) return { sampler: 'parentbased_always_on' };
  const { sampler, ...ratio } = withRatio(inner.choice, inner.reading);
  return { sampler: `parentbased_${sampler}`, ...ratio };
}

type Simple = (typeof kinds)[keyof typeof kinds];

function withRatio(sampler: Simple, reading: Reading): { sampler: Simple; samplerRatio?: number } {
  const samplerRatio = sampler === 'traceidratio' ? reading.number('ratio') : undefined;
  return { sampler, ...(samplerRatio === undefined ? {} : { samplerRatio }) };
}

/** With a parent, its decision is taken: anything else that the file asks for is not there. */
function checkParents(reading: Reading): void {
  for (const [key, only] of [
    ['remote_parent_sampled', 'always_on'],
    ['remote_parent_not_sampled', 'always_off'],
    ['local_parent_sampled', 'always_on'],
    ['local_parent_not_sampled', 'always_off'],
  ] as const) {
    reading.child(key).choose({ [only]: only }, 'sampler');
  }
}
