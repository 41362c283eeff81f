import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { afterAll, describe, expect, it } from 'vitest';

const packagesFolder = join(import.meta.dirname, '..', '..', 'packages');
const folder = mkdtempSync(join(tmpdir(), 'crmbet-pack-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Manifest {
  name: string;
  private?: boolean;
  type: 'module' | 'commonjs';
}

const published = readdirSync(packagesFolder)
  .filter((name) => existsSync(join(packagesFolder, name, 'package.json')))
  .map((name) => ({
    path: join(packagesFolder, name),
    manifest: JSON.parse(readFileSync(join(packagesFolder, name, 'package.json'), 'utf8')) as Manifest,
  }))
  .filter(({ manifest }) => manifest.private !== true);

/** Packs as publishing would and returns the tarball with its file list. */
function pack(path: string): { tarball: Uint8Array<ArrayBuffer>; files: string[] } {
  const printed = execFileSync('pnpm', ['pack', '--json', '--pack-destination', folder], {
    cwd: path,
    encoding: 'utf8',
  });
  const { filename, files } = JSON.parse(printed.slice(printed.indexOf('{'))) as {
    filename: string;
    files: { path: string }[];
  };
  return { tarball: new Uint8Array(readFileSync(filename)), files: files.map((file) => file.path) };
}

describe.each(published)('the tarball of $manifest.name', ({ path, manifest }) => {
  const { tarball, files } = pack(path);

  it('holds what it needs and no tests, fixtures or build state', () => {
    expect(files).toEqual(expect.arrayContaining(['package.json', 'LICENSE', 'README.md']));
    expect(files.filter((file) => /\.test\.|stack-test|fixtures?\/|tsbuildinfo|\.ts$(?<!\.d\.ts)/.test(file))).toEqual(
      [],
    );
  });

  it('has a manifest without faults (publint)', async () => {
    const { messages } = await publint({ pack: { tarball: tarball.buffer } });
    expect(messages).toEqual([]);
  });

  it('gives every kind of importer the right types', async () => {
    const analysis = await checkPackage(createPackageFromTarballData(tarball));
    if (analysis.types === false) throw new Error('The tarball has no types');
    const problems = analysis.problems.filter((problem) => {
      // `exports` is read by every Node.js that we support, so the resolution of Node.js 10 is not served.
      if ('resolutionKind' in problem && problem.resolutionKind === 'node10') return false;
      // Tools are ES modules only, on purpose: a CommonJS importer of TypeScript needs `await import()`.
      return !(manifest.type === 'module' && problem.kind === 'CJSResolvesToESM');
    });
    expect(problems).toEqual([]);
  });
});
