import { expect, test } from 'vitest';
import { parseLoadOptions } from './options.ts';

test('has defaults, takes values, offers help', () => {
  expect(parseLoadOptions([])).toEqual({ url: 'http://127.0.0.1:3000', ratePerSecond: 20, durationSeconds: 60 });
  expect(parseLoadOptions(['--rate', '5', '--duration=9'])).toMatchObject({ ratePerSecond: 5, durationSeconds: 9 });
  expect(parseLoadOptions(['--help'])).toBeUndefined();
});

test.each([
  [['--rate', '0'], '--rate'],
  [['--url', 'ftp://x'], '--url'],
  [['--speed', '9'], '--speed'],
])('refuses %j and says what is wrong', (args, option) => {
  expect(() => parseLoadOptions(args)).toThrow(
    expect.objectContaining({ code: 'INVALID_CONFIG', message: expect.stringContaining(option) }),
  );
});
