import { createContext, runInContext } from 'node:vm';
import { expect, it } from 'vitest';
import { createBudget, toPlain } from './plain.ts';

class Money {
  readonly amount = 5;
  readonly currency = 'BRL';
}

function circular(): object {
  const value: Record<string, unknown> = { name: 'a' };
  value['self'] = value;
  return value;
}

const throwing = {
  ok: 1,
  get bad(): never {
    throw new Error('no');
  },
};
const hostile = new Proxy(
  {},
  {
    ownKeys: () => {
      throw new TypeError('not yours');
    },
  },
);
const throwsNothingReadable = {
  get bad(): never {
    // eslint-disable-next-line no-throw-literal
    throw Object.create(null);
  },
};

it.each<[string, unknown, unknown]>([
  ['a circular value', circular(), { name: 'a', self: '[Circular]' }],
  ['a BigInt', { n: 12345678901234567890n }, { n: '12345678901234567890' }],
  [
    'a Map',
    new Map<unknown, unknown>([
      ['a', 1],
      [2, new Set(['x'])],
    ]),
    { a: 1, '2': ['x'] },
  ],
  ['a Set', new Set([1, 'b']), [1, 'b']],
  ['a Buffer', Buffer.from('hi'), 'base64:aGk='],
  ['a long typed array', new Uint8Array(100), `base64:${Buffer.alloc(64).toString('base64')}…[cut: 36 more bytes]`],
  ['a getter that throws', throwing, { ok: 1, bad: '[Throws: no]' }],
  ['a getter that throws something unreadable', throwsNothingReadable, { bad: '[Throws: unreadable]' }],
  ['a hostile proxy', hostile, '[Throws: not yours]'],
  ['NaN and infinities', [Number.NaN, Infinity, -0], [null, null, -0]],
  ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
  ['an invalid date', new Date(Number.NaN), 'Invalid Date'],
  [
    'functions, symbols and undefined',
    { f: () => 1, s: Symbol('x'), u: undefined, list: [undefined] },
    { f: '[Function]', s: 'Symbol(x)', list: [null] },
  ],
  ['an instance of a class', new Money(), { amount: 5, currency: 'BRL' }],
  ['toJSON', { toJSON: () => ({ a: 1n }) }, { a: '1' }],
  [
    'toJSON that returns itself',
    {
      a: 1,
      toJSON() {
        return this;
      },
    },
    { a: 1, toJSON: '[Function]' },
  ],
  ['boxed values', [Object('a'), Object(1n)], ['a', '1']],
  ['a promise', Promise.resolve(1), '[Promise]'],
  ['the same object twice', ((o) => [o, o])({ a: 1 }), [{ a: 1 }, { a: 1 }]],
])('makes %s plain', (_name, value, expected) => {
  const plain = toPlain(value, createBudget());
  expect(plain).toEqual(expected);
  expect(() => JSON.stringify(plain)).not.toThrow();
});

it('keeps an own field called __proto__ as a field', () => {
  const plain = toPlain(JSON.parse('{"__proto__":{"admin":true}}'), createBudget());
  expect(JSON.stringify(plain)).toBe('{"__proto__":{"admin":true}}');
  expect((plain as { admin?: boolean }).admin).toBeUndefined();
});

it('knows an Error of another realm', () => {
  const error: unknown = runInContext('new TypeError("far")', createContext({}));
  expect(toPlain({ error }, createBudget())).toMatchObject({ error: { name: 'TypeError', message: 'far' } });
});

it('cuts long texts, long lists, many fields and deep nesting with a mark', () => {
  expect(toPlain('x'.repeat(40_000), createBudget())).toBe(`${'x'.repeat(32_768)}…[cut: 7232 more characters]`);
  const list = toPlain(
    Array.from({ length: 3_000 }, () => 1),
    createBudget(),
  ) as unknown[];
  expect(list).toHaveLength(1_001);
  expect(list.at(-1)).toBe('[cut: 2000 more items]');
  const wide = Object.fromEntries(Array.from({ length: 1_500 }, (_, i) => [`k${i}`, i]));
  expect(toPlain(wide, createBudget())).toMatchObject({ k999: 999, '…': '[cut: 500 more fields]' });
  let deep: unknown = 'bottom';
  for (let i = 0; i < 10_000; i += 1) deep = [deep];
  expect(JSON.stringify(toPlain(deep, createBudget()))).toBe(`${'['.repeat(8)}"[Too deep]"${']'.repeat(8)}`);
});

it('bounds what one record takes, however it is made up', () => {
  const bush = (depth: number): unknown =>
    depth === 0 ? 'x'.repeat(1_000) : Array.from({ length: 8 }, () => bush(depth - 1));
  expect(JSON.stringify(toPlain(bush(5), createBudget())).length).toBeLessThan(700_000);
});
