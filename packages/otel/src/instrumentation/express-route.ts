import type { IncomingMessage } from 'node:http';

const mountKey = Symbol('crmbet.otel.express_mount');
const routeKey = Symbol('crmbet.otel.express_route');

/** A request with what is known of its way through Express. */
export interface RoutedRequest extends IncomingMessage {
  /** Template of the routers that it is in. */
  [mountKey]?: string;
  /** Template of the route that it reached last. */
  [routeKey]?: string;
}

/** The full route template, else that of the mounted handler that answered; `undefined` when nothing matched. */
export function expressRoute(request: RoutedRequest): string | undefined {
  return request[routeKey] ?? (request[mountKey] || undefined);
}

/** Enters what is mounted at `path`, and returns what to call on the way out. */
export function enterMount(request: RoutedRequest, path: string): () => void {
  const outer = request[mountKey];
  request[mountKey] = joinPaths(outer, path);
  return () => {
    if (outer === undefined) delete request[mountKey];
    else request[mountKey] = outer;
  };
}

/** Notes that the request reached the route with `path`. */
export function enterRoute(request: RoutedRequest, path: string): void {
  request[routeKey] = joinPaths(request[mountKey], path) || '/';
}

/** The template of what was given to `use`, `get` and so on: text, a regular expression, or a list of them. */
export function pathTemplate(path: unknown): string | undefined {
  if (typeof path === 'string') return path;
  if (path instanceof RegExp) return String(path);
  if (!Array.isArray(path)) return undefined;
  const parts = path.map(pathTemplate);
  return parts.length > 0 && parts.every((part) => part !== undefined) ? parts.join('|') : undefined;
}

function joinPaths(mount: string | undefined, path: string): string {
  const outer = mount ?? '';
  if (path === '/' || path === '') return outer;
  return path.startsWith('/') || outer === '' ? outer + path : `${outer}/${path}`;
}
