/**
 * The full route template of an Express request, without a patch of Express and without its private parts.
 *
 * Express (4 and 5) writes `req.baseUrl`, the raw path of the mounts that it is in, and `req.route`, whose `path` is
 * the template inside of the innermost router. The templates of mount paths are kept nowhere, and an error handler sees
 * a `baseUrl` that is already reset. So both properties are watched on the request: when `baseUrl` grows, `req.params`
 * are those of the mount, and their values in the new part are turned back to `:name`.
 */
export interface RouteWatcher {
  /** The template that the request has got to, or `undefined` when nothing has matched. */
  template(): string | undefined;
}

/** What Express adds to a request. */
export interface ExpressLike {
  baseUrl?: unknown;
  route?: unknown;
  params?: unknown;
}

interface Mount {
  readonly baseUrl: string;
  readonly template: string;
}

/** Watches the routing of `request` from here on; of a request without Express it never has a template. */
export function watchRoute(request: ExpressLike): RouteWatcher {
  const mounts: Mount[] = [{ baseUrl: '', template: '' }];
  let baseUrl = request.baseUrl;
  let route = request.route;
  let matched: string | undefined;

  if (typeof baseUrl === 'string') enterMount(mounts, baseUrl, request.params);
  watch(
    request,
    'baseUrl',
    () => baseUrl,
    (value) => {
      baseUrl = value;
      if (typeof value === 'string') enterMount(mounts, value, request.params);
    },
  );
  watch(
    request,
    'route',
    () => route,
    (value) => {
      route = value;
      const path = routePath(value);
      if (path !== undefined) matched = joinPaths(innermost(mounts), path);
    },
  );

  return {
    // A handler mounted with `use` has no route; where it answers, the mount is all that is known.
    template: () => matched ?? (innermost(mounts) || undefined),
  };
}

function watch(
  request: ExpressLike,
  key: 'baseUrl' | 'route',
  get: () => unknown,
  set: (value: unknown) => void,
): void {
  Object.defineProperty(request, key, { configurable: true, enumerable: true, get, set });
}

function innermost(mounts: readonly Mount[]): string {
  return mounts.at(-1)?.template ?? '';
}

/** Leaves the mounts that `baseUrl` is not in, and enters the one that it is in now. */
function enterMount(mounts: Mount[], baseUrl: string, params: unknown): void {
  while (mounts.length > 1 && !isInside(baseUrl, mounts.at(-1)?.baseUrl ?? '')) mounts.pop();
  const parent = mounts.at(-1);
  if (parent === undefined || parent.baseUrl === baseUrl) return;
  const segment = baseUrl.slice(parent.baseUrl.length);
  mounts.push({ baseUrl, template: parent.template + mountTemplate(segment, params) });
}

function isInside(baseUrl: string, mount: string): boolean {
  return baseUrl === mount || baseUrl.startsWith(`${mount}/`);
}

function joinPaths(mount: string, path: string): string {
  if (path === '/' && mount !== '') return mount;
  return path.startsWith('/') || mount === '' ? mount + path : `${mount}/${path}`;
}

/** `path` of an Express route: text, a regular expression, or a list of them. */
function routePath(route: unknown): string | undefined {
  const path = (route as { path?: unknown } | undefined | null)?.path;
  if (Array.isArray(path)) return path.map(String).join('|');
  return typeof path === 'string' || path instanceof RegExp ? String(path) : undefined;
}

/** Spelling of mount paths: Express matches without regard to case, so that a client could make up many. */
const spellings = new Map<string, string>();
const MAX_SPELLINGS = 1000;

/** `/users/42` with `{ id: '42' }` becomes `/users/:id`. */
function mountTemplate(segment: string, params: unknown): string {
  const parts = segment.split('/');
  const entries = Object.entries((params ?? {}) as Record<string, unknown>).reverse();
  for (const [name, value] of entries) replaceParam(parts, name, value);
  const template = parts.join('/');
  const folded = template.toLowerCase();
  const known = spellings.get(folded);
  if (known !== undefined) return known;
  if (spellings.size < MAX_SPELLINGS) spellings.set(folded, template);
  return template;
}

/** Turns the last part that holds the value to the name: parameters usually come after the words of a path. */
function replaceParam(parts: string[], name: string, value: unknown): void {
  if (Array.isArray(value)) return replaceWildcard(parts, name, value.length);
  if (typeof value !== 'string' || value === '') return;
  const whole = parts.findLastIndex((part) => decode(part) === value);
  if (whole > 0) {
    parts[whole] = `:${name}`;
    return;
  }
  const inside = parts.findLastIndex((part) => !part.startsWith(':') && decode(part).includes(value));
  const part = parts[inside];
  if (part !== undefined) parts[inside] = replaceLast(decode(part), value, `:${name}`);
}

/** A wildcard (`/*name`) has matched as many parts as its value has. */
function replaceWildcard(parts: string[], name: string, length: number): void {
  parts.splice(Math.max(1, parts.length - length), length, `*${name}`);
}

function replaceLast(text: string, search: string, replacement: string): string {
  const at = text.lastIndexOf(search);
  return text.slice(0, at) + replacement + text.slice(at + search.length);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
