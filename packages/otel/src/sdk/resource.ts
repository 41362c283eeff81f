import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { hostname, arch } from 'node:os';
import { defaultResource, resourceFromAttributes, type Resource } from '@opentelemetry/resources';
import type { Settings } from '../config/read.ts';

/**
 * What is known about this process without asking anybody: the SDK, the service, host, process and runtime; then the
 * attributes of the settings. Names are the semantic conventions'.
 */
export function createResource(service: Settings['service'], entry: string | undefined = process.argv[1]): Resource {
  const detected = {
    'service.instance.id': randomUUID(),
    'host.name': hostname(),
    'host.arch': hostArchitecture(),
    'process.pid': process.pid,
    'process.runtime.name': 'nodejs',
    'process.runtime.version': process.versions.node,
    'process.executable.name': 'node',
  };
  const name = service.name ?? service.attributes['service.name'] ?? packageName(entry) ?? 'unknown_service:node';
  return defaultResource().merge(resourceFromAttributes({ ...detected, ...service.attributes, 'service.name': name }));
}

/** The semantic conventions' name for the processor architecture. */
function hostArchitecture(): string {
  const names: Record<string, string> = { x64: 'amd64', arm: 'arm32', ppc: 'ppc32', ia32: 'x86' };
  const own = arch();
  return names[own] ?? own;
}

/** The name in the nearest package.json above the entry script, or above the working directory when there is none. */
function packageName(entry: string | undefined): string | undefined {
  let folder = entry === undefined ? process.cwd() : dirname(entry);
  for (;;) {
    const name = nameIn(join(folder, 'package.json'));
    if (name !== undefined) return name;
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

function nameIn(path: string): string | undefined {
  try {
    const { name } = JSON.parse(readFileSync(path, 'utf8')) as { name?: unknown };
    return typeof name === 'string' && name !== '' ? name : undefined;
  } catch {
    return undefined;
  }
}
