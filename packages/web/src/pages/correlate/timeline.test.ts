import type { Correlation } from '@crmbet/telemetry';
import { expect, it } from 'vitest';
import { shownKinds, timelineOf, toggledKind } from './timeline.ts';

const correlation = {
  timeline: [
    {
      kind: 'span',
      timeUnixNano: '1000000000',
      serviceName: 'b',
      summary: '',
      durationMs: 40,
      span: { status: 'error' },
    },
    { kind: 'log', timeUnixNano: '1050000000', serviceName: 'a', summary: '', log: { level: 'error' } },
    { kind: 'metric', timeUnixNano: '9000000000', serviceName: 'a', summary: '', metric: {} },
  ],
} as unknown as Correlation;

it('measures from the first entry to the end of spans and logs', () => {
  const timeline = timelineOf(correlation);
  expect(timeline.rows.map((row) => row.atMs)).toStrictEqual([0, 50, 8000]);
  expect(timeline).toMatchObject({ startMs: 1000, durationMs: 50, services: ['a', 'b'], errors: 2 });
  expect(timelineOf({ ...correlation, timeline: [] }).rows).toStrictEqual([]);
});

it('shows and hides kinds', () => {
  const all = shownKinds(new URLSearchParams(''));
  expect([...all]).toStrictEqual(['span', 'log', 'metric']);
  expect(toggledKind(all, 'log')).toBe('span,metric');
  expect([...shownKinds(new URLSearchParams('show=log,nothing'))]).toStrictEqual(['log']);
  expect(toggledKind(new Set(['log']), 'log')).toBeUndefined();
  expect(toggledKind(new Set(['span', 'metric']), 'log')).toBeUndefined();
});
