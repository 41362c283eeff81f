import { formatDuration } from './duration.ts';

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const plain = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

/** `12,304`. */
export function formatCount(value: number): string {
  return grouped.format(value);
}

/** `1 span`, `2 spans`; `plural` for words that do not just take an s. */
export function counted(value: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(value)} ${value === 1 ? noun : plural}`;
}

/** Bytes in binary units: `512 B`, `1.5 MiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${Number(value.toPrecision(3))} ${units[unit] ?? 'B'}`;
}

function formatPlain(value: number): string {
  if (value !== 0 && Math.abs(value) < 0.001) return value.toExponential(2);
  return Math.abs(value) >= 100_000 ? compact.format(value) : plain.format(value);
}

/** Units that describe what is counted rather than how much (UCUM annotations such as `{request}`, and `1`). */
function isCount(unit: string): boolean {
  return unit === '' || unit === '1' || unit.startsWith('{');
}

/** The unit at the end of a Prometheus metric name, for where only the name is known; empty when it names none. */
export function unitOfName(name: string): string {
  if (/_seconds(?:_total)?$|\.duration$/.test(name)) return 's';
  return /_bytes(?:_total)?$/.test(name) ? 'By' : '';
}

/**
 * A metric value in its UCUM unit (`s`, `ms`, `By`, `%`, `1`, `{request}`).
 * @param perSecond true for a rate: the value is per second, so seconds per second is a share of one core and bytes become bytes/s
 */
export function formatValue(value: number, unit: string, perSecond = false): string {
  if (!Number.isFinite(value)) return String(value);
  if (perSecond) {
    if (unit === 'By') return `${formatBytes(value)}/s`;
    return isCount(unit) ? `${formatPlain(value)}/s` : `${formatPlain(value)} ${unit}/s`;
  }
  if (unit === 's') return formatDuration(value * 1000);
  if (unit === 'ms') return formatDuration(value);
  if (unit === 'By') return formatBytes(value);
  if (unit === '%') return `${formatPlain(value)} %`;
  return isCount(unit) ? formatPlain(value) : `${formatPlain(value)} ${unit}`;
}
