import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** `web` of the published package (put there by its `prepack` script), else the build output of the workspace. */
const candidates = ['../web', '../../web/dist'];

/** The folder of the built UI; `undefined` when it was not built. */
export function findWebRoot(): string | undefined {
  return candidates
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(join(path, 'index.html')));
}
