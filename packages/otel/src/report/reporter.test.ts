import { expect, it } from 'vitest';
import { createReporter } from './reporter.ts';

it('writes whole lines, the same one at most once a minute, and then how many it left out', () => {
  const written: string[] = [];
  let now = 0;
  const reporter = createReporter(
    (text) => written.push(text),
    () => now,
  );
  for (let index = 0; index < 5; index += 1) reporter.sayOnce('key', 'it happened');
  reporter.sayOnce('other', 'something else');
  now = 60_001;
  reporter.sayOnce('key', 'it happened');
  expect(written).toEqual([
    'crmbet-otel: it happened\n',
    'crmbet-otel: something else\n',
    'crmbet-otel: it happened (4 more like it)\n',
  ]);
});

it('remembers a bounded number of messages', () => {
  let count = 0;
  const reporter = createReporter(
    () => {
      count += 1;
    },
    () => 0,
  );
  for (let index = 0; index < 300; index += 1) reporter.sayOnce(String(index), 'line');
  reporter.sayOnce('0', 'line');
  expect(count).toBe(301);
});
