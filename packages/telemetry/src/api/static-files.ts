import { readFile, stat } from 'node:fs/promises';
import { type IncomingMessage } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { errorAnswer, type Answer } from './respond.ts';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};
/** Vite puts a hash of the content into the names in this folder. */
const HASHED_FOLDER = '/assets/';

/** The file below `root`, or `undefined`; never one outside of it. */
async function readBelow(root: string, path: string): Promise<{ body: Buffer; etag: string } | undefined> {
  const file = resolve(join(root, path));
  if (!file.startsWith(root + sep) || path.includes('\0')) return undefined;
  try {
    const found = await stat(file);
    if (!found.isFile()) return undefined;
    return {
      body: await readFile(file),
      etag: `W/"${found.size.toString(16)}-${Math.floor(found.mtimeMs).toString(16)}"`,
    };
  } catch {
    return undefined;
  }
}

/** A page address (not a file): a navigation of the browser, which the page's own router resolves. */
function isPage(request: IncomingMessage, path: string): boolean {
  return !path.startsWith(HASHED_FOLDER) && (request.headers.accept ?? '').includes('text/html');
}

/** Answers a GET outside of the API from the folder of the built UI. */
export async function staticAnswer(
  request: IncomingMessage,
  path: string,
  webRoot: string | undefined,
): Promise<Answer> {
  if (webRoot === undefined)
    return errorAnswer(404, 'NOT_FOUND', 'The UI was not built. The query API is below /api/v1.');
  const root = resolve(webRoot);
  const asked = path === '/' ? '/index.html' : path;
  let found = await readBelow(root, asked);
  let name = asked;
  if (found === undefined && isPage(request, path)) {
    name = '/index.html';
    found = await readBelow(root, name);
  }
  if (found === undefined) return errorAnswer(404, 'NOT_FOUND', 'There is no such file.');
  const headers = {
    'content-type': CONTENT_TYPES[extname(name)] ?? 'application/octet-stream',
    'cache-control': name.startsWith(HASHED_FOLDER) ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: found.etag,
  };
  const known = new Set((request.headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim()));
  if (known.has(found.etag) || known.has('*')) return { status: 304, headers, body: Buffer.alloc(0) };
  return { status: 200, headers, body: found.body };
}
