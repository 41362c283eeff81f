import type { Log } from '@crmbet/telemetry';
import { expect, it } from 'vitest';
import { keyedLogs } from './keyed-logs.ts';
import { logQueryOf } from './log-query.ts';

it('reads what the URL says and leaves out what is no value', () => {
  expect(logQueryOf(new URLSearchParams(''), 1_000_000)).toStrictEqual({ limit: 500 });
  expect(
    logQueryOf(
      new URLSearchParams('text=a&minLevel=warn&field=user.id%3D7&order=asc&range=5m&limit=10000&traceId=t'),
      1_000_000,
    ),
  ).toStrictEqual({
    text: 'a',
    minLevel: 'warn',
    traceId: 't',
    fields: { 'user.id': '7' },
    order: 'asc',
    startMs: 700_000,
    limit: 10_000,
  });
  expect(logQueryOf(new URLSearchParams('minLevel=loud&limit=99999'), 1_000_000)).toStrictEqual({ limit: 500 });
});

it('gives equal lines different keys and keeps them when newer lines come first', () => {
  const line = { timeUnixNano: '1', spanId: '', body: 'same' } as Log;
  const newer = { timeUnixNano: '2', spanId: '', body: 'new' } as Log;
  const before = keyedLogs([line, line]).map((one) => one.key);
  expect(new Set(before).size).toBe(2);
  expect(
    keyedLogs([newer, line, line])
      .map((one) => one.key)
      .slice(1),
  ).toStrictEqual(before);
});
