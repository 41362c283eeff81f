import { INVALID_SPAN_CONTEXT, trace } from '@opentelemetry/api';
import { snapshot } from '@crmbet/metrics';
import { expect, it } from 'vitest';
import { countCacheAccess, keyType } from './cache.ts';

const span = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);

function counts(): Record<string, number> {
  const families = snapshot().filter(({ name }) => /^cache_(hits|misses)_total$/.test(name));
  return Object.fromEntries(
    families.flatMap((family) =>
      family.type === 'counter'
        ? family.series.map(({ labels, value }) => [`${family.name} ${labels['key_type']}`, value])
        : [],
    ),
  );
}

it('counts hits and misses by the kind of the key', () => {
  countCacheAccess(span, 'get', ['user:1'], 'value');
  countCacheAccess(span, 'GET', [Buffer.from('user:2')], null);
  countCacheAccess(span, 'MGET', [['page:1', 'page:2', 'user:3']], ['a', null, 'b']);
  countCacheAccess(span, 'hget', ['session:1', 'field'], null);
  countCacheAccess(span, 'hmget', ['hash:1', 'a', 'b'], ['1', null]);
  countCacheAccess(span, 'hgetall', ['profile:1'], {});
  countCacheAccess(span, 'hgetall', ['profile:1'], ['a', '1']);
  countCacheAccess(span, 'set', ['user:1', 'x'], 'OK');
  countCacheAccess(span, 'get', ['queued:1'], 'QUEUED');
  expect(counts()).toEqual({
    'cache_hits_total user': 2,
    'cache_misses_total user': 1,
    'cache_hits_total page': 1,
    'cache_misses_total page': 1,
    'cache_misses_total session': 1,
    'cache_hits_total hash': 1,
    'cache_misses_total hash': 1,
    'cache_misses_total profile': 1,
    'cache_hits_total profile': 1,
  });
});

it.each([
  ['user:42', 'user'],
  ['crm.user:42', 'crm.user'],
  ['42:user', 'other'],
  ['alone', 'other'],
  [':empty', 'other'],
  [undefined, 'other'],
  [`${'x'.repeat(60)}:1`, 'other'],
])('the kind of %s is %s', (key, kind) => {
  expect(keyType(key)).toBe(kind);
});
