import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@crmbet/testkit';
import { describe, expect, it, test } from 'vitest';
import { isCompatible } from './api-global.ts';
import { findingOfApiMessage } from './api-messages.ts';
import { bundledPackages } from './bundle.ts';
import { ownFolder, ownVersion } from './own-package.ts';
import { packageOf, versionOf } from './packages.ts';
import { ownPreloads, preloads } from './preload-options.ts';

test.each([
  ['/a/node_modules/pg/lib/index.js', 'pg', '/a/node_modules/pg'],
  ['/a/node_modules/@redis/client/dist/x.js', '@redis/client', '/a/node_modules/@redis/client'],
  ['/a/node_modules/x/node_modules/pg/index.js', 'pg', '/a/node_modules/x/node_modules/pg'],
  ['/a/node_modules/.pnpm/pg@8/node_modules/pg/i.js', 'pg', '/a/node_modules/.pnpm/pg@8/node_modules/pg'],
])('the package of %s', (file, name, folder) => {
  expect(packageOf(file)).toEqual({ name, folder });
});

test('a file outside of node_modules is in no package', () => {
  expect(packageOf('/a/src/pg/index.js')).toBeUndefined();
});

test('this package and its version; no version where there is no package', () => {
  expect(ownFolder()).toBe(join(__dirname, '../..'));
  expect(ownVersion()).toMatch(/^\d+\.\d+\.\d+/);
  expect(versionOf(temporaryFolder())).toBe('unknown');
});

describe('preloads', () => {
  test('in the order of Node.js: all of --require, then all of --import, NODE_OPTIONS first', () => {
    const options = String.raw`--max-old-space-size=50 --import ./a.mjs --require "/with blank/b \"q\".js"`;
    expect(preloads(options, ['-r', 'c', '--inspect', '--import=d'])).toEqual([
      { flag: '--require', specifier: '/with blank/b "q".js', from: 'NODE_OPTIONS' },
      { flag: '--require', specifier: 'c', from: 'the command line' },
      { flag: '--import', specifier: './a.mjs', from: 'NODE_OPTIONS' },
      { flag: '--import', specifier: 'd', from: 'the command line' },
    ]);
    expect(preloads(undefined, [])).toEqual([]);
  });

  test('that are this package: by name, path or URL', () => {
    const path = join(ownFolder(), 'dist/register.js');
    const found = preloads(`--require ${path} --import file://${path}`, ['-r', '@crmbet/otel', '-r', './other.js']);
    expect(ownPreloads(found).map(({ specifier }) => specifier)).toEqual([path, '@crmbet/otel', `file://${path}`]);
  });
});

test.each([
  ['1.10.0', '1.10.0', true],
  ['1.9.1', '1.10.0', true],
  ['1.11.0', '1.10.0', false],
  ['2.0.0', '1.10.0', false],
  ['1.9.0-beta.1', '1.10.0', false],
])('a copy of the API %s reaches what %s registered: %s', (copy, registered, expected) => {
  expect(isCompatible(copy, registered)).toBe(expected);
});

test.each([
  ['Error: @opentelemetry/api: Attempted duplicate registration of API: trace\n    at x', 'OTHER_SDK_LATER'],
  [
    'Error: @opentelemetry/api: Registration of version v1.11.0 for trace does not match previously registered API v1.10.0',
    'API_COPY_INCOMPATIBLE',
  ],
  ['Error: @opentelemetry/api: Attempted duplicate registration of API: diag', undefined],
  ['something else', undefined],
])('%s', (message, code) => {
  expect(findingOfApiMessage(message)?.code).toBe(code);
});

describe('bundled packages', () => {
  const write = (source: string) => {
    const folder = temporaryFolder();
    mkdirSync(folder, { recursive: true });
    const file = join(folder, 'bundle.js');
    writeFileSync(file, source);
    return file;
  };
  const names = ['express', 'pg', '@redis/client', 'pg-pool'];

  it.each([
    ['esbuild', '// ../node_modules/express/lib/express.js\nvar x;', ['express']],
    ['esbuild, a table', 'var a = __commonJS({\n  "node_modules/pg/lib/index.js"(exports) {}', ['pg']],
    ['webpack', '/***/ "./node_modules/@redis/client/dist/index.js":\n/*!***', []],
    ['webpack, a comment', '/***/ 1:\n/*!*** ./node_modules/@redis/client/dist/index.js ***!', []],
    ['pnpm', '// node_modules/.pnpm/pg@8.0.0/node_modules/pg/lib/index.js', ['pg']],
    ['a mere path', 'const x = require("./node_modules/pg/lib/index.js");', []],
    ['nothing', 'require("pg")', []],
  ])('%s', (_name, source, expected) => {
    expect(bundledPackages(write(source), names)).toEqual(expected);
  });

  it('of an entry that is not there', () => {
    expect(bundledPackages(undefined, names)).toEqual([]);
    expect(bundledPackages('/no/such/file.js', names)).toEqual([]);
  });
});
