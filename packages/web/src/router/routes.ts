/** The pages. */
export type Route =
  | { page: 'traces' }
  | { page: 'trace'; id: string }
  | { page: 'logs' }
  | { page: 'metrics' }
  | { page: 'correlate'; id: string }
  | { page: 'unknown' };

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone percent sign: the text itself is the ID.
    return text;
  }
}

/** The page of a path. */
export function routeOf(path: string): Route {
  const [first = '', id = '', ...rest] = path.split('/').slice(1);
  if (rest.length > 0) return { page: 'unknown' };
  if (id === '') {
    if (first === '' || first === 'traces') return { page: 'traces' };
    if (first === 'logs' || first === 'metrics') return { page: first };
    return { page: 'unknown' };
  }
  if (first === 'trace' || first === 'correlate') return { page: first, id: decode(id) };
  return { page: 'unknown' };
}

export function traceHref(traceId: string, spanId = ''): string {
  return `/trace/${encodeURIComponent(traceId)}${spanId === '' ? '' : `?span=${encodeURIComponent(spanId)}`}`;
}

export function correlateHref(id: string): string {
  return `/correlate/${encodeURIComponent(id)}`;
}

/** A page with query parameters; empty ones are left out. */
export function pageHref(
  page: 'traces' | 'logs' | 'metrics',
  params: Record<string, string | readonly string[]>,
): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    for (const one of typeof value === 'string' ? [value] : value) if (one !== '') search.append(name, one);
  }
  const text = search.toString();
  return text === '' ? `/${page}` : `/${page}?${text}`;
}
