import { expect, it } from 'vitest';
import { createReachability } from './reachability.ts';

it('says once that an endpoint is away, again after five minutes, and once that it is back', () => {
  const lines: string[] = [];
  let now = 0;
  const reporter = { say: (line: string) => lines.push(line), sayOnce: () => undefined };
  const reachability = createReachability('http://127.0.0.1:4318', reporter, () => now);
  reachability.succeeded();
  for (; now < 300_000; now += 1000) reachability.failed('ECONNREFUSED');
  expect(reachability.isAway()).toBe(true);
  expect(lines).toHaveLength(1);
  reachability.failed('ECONNREFUSED');
  expect(lines[1]).toMatch(/still cannot be delivered/);
  reachability.succeeded();
  reachability.succeeded();
  expect(lines[2]).toBe('telemetry is delivered to http://127.0.0.1:4318 again');
  expect(lines).toHaveLength(3);
  expect(reachability.isAway()).toBe(false);
});
