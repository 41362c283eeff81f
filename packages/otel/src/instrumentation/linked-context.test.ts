import { createContextKey } from '@opentelemetry/api';
import { expect, it } from 'vitest';
import { LINKED_ROOT } from './linked-context.ts';

const [a, b] = [createContextKey('a'), createContextKey('b')];

it('has the values that were set on it and on those before it', () => {
  const first = LINKED_ROOT.setValue(a, 1);
  const second = first.setValue(b, 2).setValue(a, 3);
  expect([first.getValue(a), first.getValue(b)]).toEqual([1, undefined]);
  expect([second.getValue(a), second.getValue(b)]).toEqual([3, 2]);
  expect(second.deleteValue(a).getValue(a)).toBeUndefined();
  expect(LINKED_ROOT.getValue(a)).toBeUndefined();
  expect(LINKED_ROOT.deleteValue(a).getValue(a)).toBeUndefined();
});

it('keeps what is seen and lets go of the rest, however long work goes on from itself', async () => {
  const gone = new WeakRef({ name: 'the first value' });
  let context = LINKED_ROOT.setValue(b, 'kept').setValue(a, gone.deref());
  for (let n = 0; n < 10_000; n += 1) context = context.setValue(a, n);
  expect([context.getValue(a), context.getValue(b)]).toEqual([9999, 'kept']);
  expect(context.deleteValue(b).setValue(a, 1).getValue(b)).toBeUndefined();
});
