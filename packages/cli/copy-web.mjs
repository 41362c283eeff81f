// The published package has the built UI in `web/`; in the workspace it is served from packages/web/dist.
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const from = join(import.meta.dirname, '../web/dist');
const to = join(import.meta.dirname, 'web');

rmSync(to, { recursive: true, force: true });
if (!process.argv.includes('--remove')) {
  if (!existsSync(join(from, 'index.html'))) {
    process.stderr.write(
      'copy-web: packages/web/dist/index.html is missing: build packages/web first (vite build packages/web).\n',
    );
    process.exit(1);
  }
  cpSync(from, to, { recursive: true });
}
