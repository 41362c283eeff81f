/** `2026-01-31 14:05:00.123` in local time, of nanoseconds since the epoch as decimal text. */
export function formatTime(unixNano: string): string {
  return formatDate(new Date(Number(BigInt(unixNano) / 1_000_000n)));
}

/** The same of milliseconds. */
export function formatDate(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${day} ${time}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** `850 µs`, `12.3 ms`, `1.23 s`, `2 min 5 s`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 0) return `-${formatDuration(-durationMs)}`;
  if (durationMs < 0.9995) return `${threeDigits(durationMs * 1000)} µs`;
  if (durationMs < 999.5) return `${threeDigits(durationMs)} ms`;
  if (durationMs < 59_950) return `${threeDigits(durationMs / 1000)} s`;
  const seconds = Math.round(durationMs / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** `+12.3 ms`: how long after `startUnixNano`. */
export function formatOffset(unixNano: string, startUnixNano: string): string {
  const offsetMs = Number(BigInt(unixNano) - BigInt(startUnixNano)) / 1e6;
  return offsetMs < 0 ? formatDuration(offsetMs) : `+${formatDuration(offsetMs)}`;
}

function threeDigits(value: number): string {
  return String(Number(value.toPrecision(3)));
}
