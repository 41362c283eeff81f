import { expect, it } from 'vitest';
import { hueCount, serviceHue } from './service-color.ts';

it('gives the first services different colours and keeps each', () => {
  const names = Array.from({ length: hueCount }, (_, index) => `service-${index}`);
  const hues = names.map((name) => serviceHue(name));
  expect(new Set(hues).size).toBe(hueCount);
  expect(names.map((name) => serviceHue(name))).toStrictEqual(hues);
  expect(Number(serviceHue('one more'))).toBeLessThan(hueCount);
});
