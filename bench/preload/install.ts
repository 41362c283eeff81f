/** Installs the application, the peers and our own tarballs with npm, each into a folder of its own that set-up never touches. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { applicationPackages, OURS, type Contender } from './contenders.ts';

export interface Installed {
  readonly contender: Contender;
  /** Where the preload is resolved. */
  readonly folder: string;
  /** What npm put into node_modules. */
  readonly packages: number;
  readonly bytes: number;
}

const root = join(import.meta.dirname, '..', '..');
const cache = join(root, '.cache', 'bench-peers');
/** Ours, in the order of their dependencies. */
const published = ['correlation', 'metrics', 'otel'];

/** Installs the application; returns the path of its entry file. */
export function installApplication(): string {
  const folder = npmInstall('application', applicationPackages, applicationPackages.join('\n'));
  const entry = join(folder, 'app.cjs');
  copyFileSync(join(import.meta.dirname, 'app.cjs'), entry);
  return entry;
}

/** Installs a contender and measures what it brought. */
export function installContender(contender: Contender): Installed {
  const { name, packages, preload, file } = contender;
  if (preload.length === 0) return { contender, folder: cache, packages: 0, bytes: 0 };
  const folder =
    name === OURS ? installOurs() : npmInstall(name.replaceAll(/[^\w-]+/g, '-'), packages, packages.join('\n'));
  if (file) writeFileSync(join(folder, file.name), file.text);
  const modules = join(folder, 'node_modules');
  return { contender, folder, packages: countPackages(modules), bytes: sizeOf(modules) };
}

/** Keeps every single figure beside what was measured. */
export function saveResults(results: unknown): void {
  writeFileSync(join(cache, 'results.json'), JSON.stringify(results, undefined, 2));
}

function installOurs(): string {
  const tarballs = join(cache, 'tarballs');
  const folders = published.map((name) => join(root, 'packages', name));
  const pack = (): string[] => {
    rmSync(tarballs, { recursive: true, force: true });
    mkdirSync(tarballs, { recursive: true });
    for (const cwd of folders) execFileSync('pnpm', ['pack', '--pack-destination', tarballs], { cwd, stdio: 'pipe' });
    return readdirSync(tarballs).map((file) => join(tarballs, file));
  };
  return npmInstall('crmbet-otel', pack, folders.map(digest).join('\n'));
}

/** Of what goes into a tarball. */
function digest(folder: string): string {
  const hash = createHash('sha256').update(readFileSync(join(folder, 'package.json')));
  const dist = join(folder, 'dist');
  for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' }).toSorted()) {
    if (/\.[cm]?js$/.test(file)) hash.update(file).update(readFileSync(join(dist, file)));
  }
  return hash.digest('hex');
}

/** Installs into a folder of the cache unless the same was installed before. npm chooses versions by the Node.js that runs it. */
function npmInstall(name: string, packages: readonly string[] | (() => string[]), state: string): string {
  const folder = join(cache, name);
  const stamp = join(folder, 'installed.txt');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === state) return folder;
  process.stderr.write(`bench: installing ${name} …\n`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'bench-peer', private: true }));
  const wanted = typeof packages === 'function' ? packages() : packages;
  const options = ['--save-exact', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', ['install', ...options, ...wanted], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  writeFileSync(stamp, state);
  return folder;
}

function countPackages(modules: string): number {
  const lock = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')) as { packages: object };
  return Object.keys(lock.packages).length;
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => lstatSync(join(folder, file)))
    .reduce((sum, status) => sum + (status.isFile() ? status.size : 0), 0);
}
