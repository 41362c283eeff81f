import { expect, it } from 'vitest';
import { placeIn, ticksOf, viewBetween } from './scale.ts';

it('places a span in the whole trace and in a part of it', () => {
  expect(placeIn({ fromMs: 0, toMs: 200 }, 50, 100)).toStrictEqual({ left: 25, width: 50 });
  expect(placeIn({ fromMs: 100, toMs: 200 }, 50, 100)).toStrictEqual({ left: 0, width: 50 });
  expect(placeIn({ fromMs: 100, toMs: 200 }, 0, 50)).toBeUndefined();
  expect(placeIn({ fromMs: 0, toMs: 0 }, 0, 0)).toBeUndefined();
});

it('chooses round ticks', () => {
  expect(ticksOf({ fromMs: 0, toMs: 100 }, 5)).toStrictEqual([0, 20, 40, 60, 80, 100]);
  expect(ticksOf({ fromMs: 0.13, toMs: 0.38 }, 5)).toStrictEqual([0.15, 0.2, 0.25, 0.3, 0.35]);
  expect(ticksOf({ fromMs: 0, toMs: 0 }, 5)).toStrictEqual([0]);
});

it('keeps a view within the trace', () => {
  expect(viewBetween(80, 20, 100)).toStrictEqual({ fromMs: 20, toMs: 80 });
  expect(viewBetween(-5, 500, 100)).toStrictEqual({ fromMs: 0, toMs: 100 });
  expect(viewBetween(50, 50, 100)).toStrictEqual({ fromMs: 50, toMs: 50.01 });
});
