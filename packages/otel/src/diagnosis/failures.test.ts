import { expect, it } from 'vitest';
import { hasFailed, noteFailure } from './failures.ts';
import { notedFindings } from './notes.ts';

it('an instrumentation that cannot be made is one line, and a finding', () => {
  const lines: string[] = [];
  const fail = () => noteFailure('memcached', new Error('no such\n module'), (line) => lines.push(line));
  fail();
  fail();
  expect(lines).toEqual([expect.stringMatching(/^memcached cannot be instrumented \(no such module\): /)]);
  expect(notedFindings()).toMatchObject([{ code: 'NOT_INSTRUMENTABLE', severity: 'error' }]);
  expect([hasFailed('memcached'), hasFailed('pg')]).toEqual([true, false]);
});
