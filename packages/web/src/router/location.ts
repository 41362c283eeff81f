import { signal } from '@preact/signals';

/** Where the browser is; the URL is the only state of a page, so that it can be shared and Back works. */
export interface Place {
  path: string;
  params: URLSearchParams;
}

function read(): Place {
  return { path: window.location.pathname, params: new URLSearchParams(window.location.search) };
}

/** The current place; components that read it are drawn again when it changes. */
export const place = signal<Place>(read());

/** Goes to a path of this origin. `replace` leaves no entry in the history. */
export function navigate(href: string, options: { replace?: boolean } = {}): void {
  const current = window.location.pathname + window.location.search;
  if (href === current) return;
  if (options.replace === true) window.history.replaceState(null, '', href);
  else window.history.pushState(null, '', href);
  place.value = read();
}

/** Sets query parameters of the current page; `undefined` or an empty value removes one, a list repeats it. */
export function setParams(
  changes: Record<string, string | readonly string[] | undefined>,
  options: { replace?: boolean } = {},
): void {
  navigate(withParams(place.value, changes), options);
}

/** The address of `from` with some query parameters changed. */
export function withParams(from: Place, changes: Record<string, string | readonly string[] | undefined>): string {
  const params = new URLSearchParams(from.params);
  for (const [name, value] of Object.entries(changes)) {
    params.delete(name);
    for (const one of typeof value === 'string' ? [value] : (value ?? [])) if (one !== '') params.append(name, one);
  }
  const search = params.toString();
  return search === '' ? from.path : `${from.path}?${search}`;
}

/** The link that a plain click of the main button on this origin should follow without loading the page anew. */
function ownLink(event: MouseEvent): HTMLAnchorElement | undefined {
  if (event.defaultPrevented || event.button !== 0) return undefined;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return undefined;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (link === null || link.target !== '' || link.hasAttribute('download')) return undefined;
  return link.origin === window.location.origin && link.hash === '' ? link : undefined;
}

/** Follows links of this origin without a page load, and the Back and Forward buttons. */
export function installRouter(): void {
  window.addEventListener('popstate', () => {
    place.value = read();
  });
  document.addEventListener('click', (event) => {
    const link = ownLink(event);
    if (link === undefined) return;
    event.preventDefault();
    navigate(link.pathname + link.search);
  });
}
