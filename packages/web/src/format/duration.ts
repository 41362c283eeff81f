/** Three significant digits without trailing zeros: `1.2`, `12.3`, `123`. */
function significant(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function minutesAndUp(seconds: number): string {
  const whole = Math.round(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  if (hours >= 24) return `${Math.floor(hours / 24)} d ${hours % 24} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return `${minutes} min ${whole % 60} s`;
}

/** A duration in the unit that suits it: `840 ns`, `423 µs`, `12.3 ms`, `1.25 s`, `2 min 5 s`, `1 h 2 min`. */
export function formatDuration(ms: number): string {
  const size = Math.abs(ms);
  if (size === 0) return '0 ms';
  if (size < 0.000_999_5) return `${significant(ms * 1e6)} ns`;
  if (size < 0.9995) return `${significant(ms * 1000)} µs`;
  if (size < 999.5) return `${significant(ms)} ms`;
  if (size < 59_950) return `${significant(ms / 1000)} s`;
  return `${ms < 0 ? '-' : ''}${minutesAndUp(size / 1000)}`;
}

/** A time after (or before) another: `+12.3 ms`, `−1.5 s`. */
export function formatOffset(ms: number): string {
  return `${ms < 0 ? '−' : '+'}${formatDuration(Math.abs(ms))}`;
}

const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
};

/** Milliseconds from what a user types: `250`, `250ms`, `1.5 s`, `2min`. A bare number is milliseconds. `undefined` when it is none. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:[.,]\d+)?|[.,]\d+)\s*(ns|us|µs|ms|s|m|min|h)?$/i.exec(text.trim());
  if (match === null) return undefined;
  const factor = unitMs[(match[2] ?? 'ms').toLowerCase()] ?? 1;
  return Number((match[1] ?? '').replace(',', '.')) * factor;
}
