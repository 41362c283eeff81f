import type { LogQuery, MetricQuery, TraceQuery } from '@crmbet/telemetry';

/** The API's name of a map field, whose entries are repeated as `name=key=value`. */
const repeated: Readonly<Record<string, string>> = { attributes: 'attribute', fields: 'field', labels: 'label' };

type ParamValue = string | number | string[] | Record<string, string> | undefined;

/** The query string of a query: scalars by their name, maps repeated as `key=value`, lists joined with commas. */
export function toSearch(query: TraceQuery | LogQuery | MetricQuery): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query) as [string, ParamValue][]) {
    if (value === undefined || value === '') continue;
    if (Array.isArray(value)) search.set(name, value.join(','));
    else if (typeof value === 'object') {
      for (const [key, one] of Object.entries(value)) search.append(repeated[name] ?? name, `${key}=${one}`);
    } else search.set(name, String(value));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}
