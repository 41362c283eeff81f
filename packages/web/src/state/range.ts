import type { TimeRange } from '@crmbet/telemetry';

/** Time ranges that end now, by their name in the URL. */
export const presets: readonly (readonly [name: string, label: string, ms: number])[] = [
  ['5m', 'Last 5 minutes', 5 * 60_000],
  ['15m', 'Last 15 minutes', 15 * 60_000],
  ['1h', 'Last hour', 3_600_000],
  ['6h', 'Last 6 hours', 6 * 3_600_000],
  ['24h', 'Last 24 hours', 24 * 3_600_000],
  ['7d', 'Last 7 days', 7 * 24 * 3_600_000],
];

function whole(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** The time range that a URL says: `range=15m` ending now, or `startMs` and `endMs`. Without any, `fallback` (a preset's name, or empty for all time). */
export function rangeOf(params: URLSearchParams, nowMs: number, fallback = ''): TimeRange {
  const startMs = whole(params.get('startMs'));
  const endMs = whole(params.get('endMs'));
  if (startMs !== undefined || endMs !== undefined) {
    return { ...(startMs !== undefined && { startMs }), ...(endMs !== undefined && { endMs }) };
  }
  const name = params.get('range') ?? fallback;
  const preset = presets.find((one) => one[0] === name);
  return preset === undefined ? {} : { startMs: nowMs - preset[2] };
}

/** The name of the chosen preset, `custom` for fixed times, `all` for no bound. */
export function rangeName(params: URLSearchParams, fallback = ''): string {
  if (params.has('startMs') || params.has('endMs')) return 'custom';
  const name = params.get('range') ?? fallback;
  return presets.some((one) => one[0] === name) ? name : 'all';
}
