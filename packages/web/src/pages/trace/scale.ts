/** The part of a trace that the waterfall shows, in milliseconds from its start. */
export interface View {
  fromMs: number;
  toMs: number;
}

/** Left edge and width of a span in percent of the view; `undefined` when it lies outside. */
export function placeIn(view: View, startMs: number, durationMs: number): { left: number; width: number } | undefined {
  const size = view.toMs - view.fromMs;
  const left = Math.max(0, (startMs - view.fromMs) / size);
  const right = Math.min(1, (startMs + durationMs - view.fromMs) / size);
  if (left > 1 || right < 0 || size <= 0) return undefined;
  return { left: left * 100, width: Math.max(0, right - left) * 100 };
}

/** Round times within a view, about `wanted` of them: steps of 1, 2 or 5 times a power of ten. */
export function ticksOf(view: View, wanted: number): number[] {
  const size = view.toMs - view.fromMs;
  if (!(size > 0)) return [view.fromMs];
  const raw = size / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= raw * 0.999) ?? 10) * power;
  const ticks: number[] = [];
  for (let index = Math.ceil(view.fromMs / step - 1e-9); index * step <= view.toMs * (1 + 1e-9); index += 1) {
    ticks.push(Number((index * step).toPrecision(12)));
  }
  return ticks;
}

/** A view from two points in any order, kept within the trace and not narrower than a ten-thousandth of it. */
export function viewBetween(oneMs: number, otherMs: number, durationMs: number): View {
  const least = durationMs / 10_000;
  const fromMs = Math.max(0, Math.min(oneMs, otherMs, durationMs - least));
  return { fromMs, toMs: Math.min(durationMs, Math.max(oneMs, otherMs, fromMs + least)) };
}
