import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { versionOf } from './packages.ts';

/** Folder of the copy of @crmbet/otel that `inside` is in, by default this one. */
export function ownFolder(inside: string = __dirname): string {
  for (let folder = inside; ; folder = dirname(folder)) {
    if (isOurs(folder) || dirname(folder) === folder) return folder;
  }
}

/** The file that is loaded when this copy is preloaded. */
export function ownMain(): string {
  const folder = ownFolder();
  const { main } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { main: string };
  return join(folder, main);
}

/** Version of this copy of @crmbet/otel. */
export function ownVersion(): string {
  return versionOf(ownFolder());
}

function isOurs(folder: string): boolean {
  try {
    return readFileSync(join(folder, 'package.json'), 'utf8').includes('"name": "@crmbet/otel"');
  } catch {
    return false;
  }
}
