import { readFileSync, statSync } from 'node:fs';

/** Bytes past which an entry script is not looked at. */
const maxBytes = 64 * 1024 * 1024;

/**
 * The packages out of `names` whose code is inside the entry script, put there by a bundler: hooks on loading never see
 * them. Found by the paths that esbuild, webpack and rollup leave in comments and module tables; a minified bundle may have none.
 */
export function bundledPackages(entry: string | undefined, names: readonly string[]): string[] {
  const source = entry === undefined ? '' : readSource(entry);
  if (!source.includes('node_modules/')) return [];
  return names.filter((name) => pathTo(name).test(source));
}

/** After `//` or a quote, as far as it is one word: a mere `require` of a path below node_modules has no module behind it. */
function pathTo(name: string): RegExp {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?:^// |^ *["'(!*]+ ?)(?:[^"'\\s]*/)?node_modules/(?:[^"'\\s]*/)?${escaped}/`, 'm');
}

function readSource(path: string): string {
  try {
    return statSync(path).size > maxBytes ? '' : readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
