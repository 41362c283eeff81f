/** Milliseconds since the epoch, with microseconds kept as a fraction, from a decimal string of nanoseconds. */
export function nanosToMs(nanos: string): number {
  return Number(BigInt(nanos) / 1000n) / 1000;
}

/** Milliseconds from one nanosecond time to another, exact to the nanosecond for any span of a trace. */
export function offsetMs(fromNanos: string, toNanos: string): number {
  return Number(BigInt(toNanos) - BigInt(fromNanos)) / 1e6;
}

function pad(value: number, digits = 2): string {
  return String(value).padStart(digits, '0');
}

/** `14:03:05.123` in the local time zone. */
export function clockTime(ms: number): string {
  const date = new Date(ms);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`;
}

/** `2026-11-22` in the local time zone. */
export function calendarDay(ms: number): string {
  const date = new Date(ms);
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

/** `2026-11-22 14:03:05.123` in the local time zone. */
export function dateTime(ms: number): string {
  return `${calendarDay(ms)} ${clockTime(ms)}`;
}

/** The clock time when `ms` is on the same local day as `nowMs`, else with the day before it. */
export function listTime(ms: number, nowMs: number): string {
  return calendarDay(ms) === calendarDay(nowMs) ? clockTime(ms) : `${calendarDay(ms).slice(5)} ${clockTime(ms)}`;
}

/** Value of an `<input type="datetime-local" step="1">`, local time. */
export function toLocalInput(ms: number): string {
  return `${calendarDay(ms)}T${clockTime(ms).slice(0, 8)}`;
}

/** Milliseconds since the epoch from a `datetime-local` value; `undefined` when it is empty or no date. */
export function fromLocalInput(value: string): number | undefined {
  const ms = new Date(value).getTime();
  return Number.isNaN(ms) ? undefined : ms;
}
