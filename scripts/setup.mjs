// Sets the checkout up on a machine that has only Node.js 20 or newer and npm, then runs what `--run FILE [ARG ...]` names
// with the pinned Node.js. Plain JavaScript because it runs before anything is installed. What is up to date is skipped.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamps = join(root, '.cache', 'setup');
const bin = join(root, 'node_modules', '.bin');
const pnpm = `pnpm@${JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies.pnpm}`;

if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(`Node.js ${process.versions.node} is too old: setting up needs 20 or newer.`);
}

function fail(message) {
  process.stderr.write(`setup: ${message}\n`);
  process.exit(1);
}

/** Files below `folder` that a step depends on, without build output. */
function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (['node_modules', 'dist', '.cache', '.git'].includes(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

function digest(files) {
  const hash = createHash('sha256');
  for (const file of files.toSorted()) hash.update(file.slice(root.length)).update('\0').update(readFileSync(file));
  return hash.digest('hex');
}

/** Runs `command` unless `inputs` are as they were when it last succeeded and `output` exists. */
function step(name, inputs, output, command, args) {
  const stamp = join(stamps, name);
  const state = digest(inputs);
  if (existsSync(output) && existsSync(stamp) && readFileSync(stamp, 'utf8') === state) return;
  const started = performance.now();
  process.stderr.write(`setup: ${name} …\n`);
  rmSync(stamp, { force: true });
  const result = spawnSync(command, args, {
    cwd: root,
    env: environment,
    encoding: 'utf8',
    stdio: process.stderr.isTTY ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  if (result.error) fail(`${name}: ${command} could not be started: ${result.error.message}`);
  if (result.status !== 0) {
    process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`);
    fail(`${name} failed (exit ${result.status ?? result.signal}): ${command} ${args.join(' ')}`);
  }
  mkdirSync(stamps, { recursive: true });
  writeFileSync(stamp, state);
  process.stderr.write(`setup: ${name} done in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
}

const environment = {
  ...process.env,
  PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
  npm_config_yes: 'true',
  CI: process.env.CI ?? 'true',
};
const workspace = ['packages', 'examples', 'test', 'bench'];
const files = workspace.flatMap((folder) => filesBelow(join(root, folder)));
const manifests = files.filter((file) => file.endsWith('package.json'));
const web = files.filter((file) => file.startsWith(join(root, 'packages', 'web')));
const sources = files.filter((file) => /\.(?:tsx?|mts|cts)$|tsconfig\.json$/.test(file));
const common = ['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml'].map((file) => join(root, file));

step('packages', [...common, ...manifests], join(bin, 'node'), 'npx', [
  '--yes',
  pnpm,
  'install',
  '--frozen-lockfile',
  '--reporter=append-only',
]);
step(
  'compile',
  [...sources, ...common, join(root, 'tsconfig.base.json'), join(root, 'tsconfig.json')],
  join(root, 'packages/otel/dist/register.js'),
  join(bin, 'tsc'),
  ['--build'],
);
step('web page', [...web, ...common], join(root, 'packages/web/dist/index.html'), join(bin, 'vite'), [
  'build',
  'packages/web',
  '--logLevel',
  'warn',
]);

const run = process.argv.indexOf('--run');
if (run > 0) {
  const rest = process.argv.slice(run + 2);
  if (rest[0] === '--') rest.shift();
  const child = spawn(join(bin, 'node'), [join(root, process.argv[run + 1]), ...rest], {
    cwd: root,
    env: { ...environment, CI: process.env.CI ?? '' },
    stdio: 'inherit',
  });
  // The terminal sends Ctrl-C to the whole group; the child decides how to end and this process waits for it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => signal !== 'SIGINT' && child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}
