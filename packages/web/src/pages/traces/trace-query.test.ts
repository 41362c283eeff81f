import type { TraceSummary } from '@crmbet/telemetry';
import { expect, it } from 'vitest';
import { isNarrowed, sorted, traceQueryOf } from './trace-query.ts';

const query = (search: string): unknown => traceQueryOf(new URLSearchParams(search), 1_000_000);

it('reads what the URL says and leaves out what is no value', () => {
  expect(query('')).toStrictEqual({ limit: 100 });
  expect(
    query(
      'service=a&operation=GET+/x&status=error&minDurationMs=5&attribute=http.route%3D/x%3Fa%3Db&attribute=n%3D1&correlationId=c&range=5m&limit=20',
    ),
  ).toStrictEqual({
    service: 'a',
    operation: 'GET /x',
    status: 'error',
    minDurationMs: 5,
    attributes: { 'http.route': '/x?a=b', n: '1' },
    correlationId: 'c',
    startMs: 700_000,
    limit: 20,
  });
  expect(query('status=bad&minDurationMs=-1&maxDurationMs=x&attribute=nothing')).toStrictEqual({ limit: 100 });
});

it('knows a search from a view', () => {
  expect(isNarrowed(new URLSearchParams('live=1&sort=longest&limit=500'))).toBe(false);
  expect(isNarrowed(new URLSearchParams('service=a'))).toBe(true);
});

it('sorts without changing the answer', () => {
  const traces = [
    { traceId: 'a', durationMs: 1, errorCount: 2 },
    { traceId: 'b', durationMs: 9, errorCount: 0 },
  ] as TraceSummary[];
  expect(sorted(traces, 'longest').map((trace) => trace.traceId)).toStrictEqual(['b', 'a']);
  expect(sorted(traces, 'errors').map((trace) => trace.traceId)).toStrictEqual(['a', 'b']);
  expect(traces[0]?.traceId).toBe('a');
});
