import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The oldest release that we support, the newest of each supported line, and one that is too old to be told so. */
const versions = {
  CRMBET_TEST_NODE_20: '20.19.5',
  CRMBET_TEST_NODE_22: '22.15.0',
  CRMBET_TEST_NODE_24: '24.21.0',
  CRMBET_TEST_NODE_26: '26.10.0',
};
const cache = join(dirname(dirname(import.meta.dirname)), '.cache', 'node-versions');

/**
 * Installs each version from the npm package `node` below `.cache`, once.
 * @returns the variables with the path of each program
 * @throws {Error} with npm's own words when one cannot be installed
 */
export function installNodeVersions(): Record<string, string> {
  return Object.fromEntries(Object.entries(versions).map(([variable, version]) => [variable, installed(version)]));
}

function installed(version: string): string {
  const folder = join(cache, version);
  const program = join(folder, 'node_modules', 'node', 'bin', 'node');
  if (existsSync(program)) return program;
  process.stderr.write(`stack: installing Node.js ${version} …\n`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, allowScripts: { [`node@${version}`]: true } }),
  );
  const result = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--save-exact', `node@${version}`], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (result.status !== 0 || !existsSync(program))
    throw new Error(`npm install node@${version} failed:\n${result.stdout}${result.stderr}`);
  return program;
}
