import { dirname, join } from 'node:path';
import { defaultResource, resourceFromAttributes, type Resource } from '@opentelemetry/resources';
import type { Settings } from '../config/read.ts';
import { detect } from './detectors/detect.ts';
import { surroundings, type Surroundings } from './detectors/surroundings.ts';

/**
 * What is known about this process without asking anybody: the SDK, the service, and what the chosen detectors find;
 * then the attributes of the settings. Names are the semantic conventions'.
 */
export function createResource(
  service: Settings['service'],
  entry: string | undefined = process.argv[1],
  around: Surroundings = surroundings,
): Resource {
  const manifest = nearestManifest(entry, around);
  const name = service.name ?? service.attributes['service.name'] ?? manifest?.name ?? 'unknown_service:node';
  const attributes = {
    ...(manifest?.version === undefined ? {} : { 'service.version': manifest.version }),
    ...detect(service.detectors, around),
    ...service.attributes,
    'service.name': name,
  };
  return defaultResource().merge(resourceFromAttributes(attributes));
}

interface Manifest {
  name: string;
  version: string | undefined;
}

/** The nearest package.json with a name above the entry script, or above the working directory when there is none. */
function nearestManifest(entry: string | undefined, around: Surroundings): Manifest | undefined {
  let folder = entry === undefined ? process.cwd() : dirname(entry);
  for (;;) {
    const manifest = parseManifest(around.read(join(folder, 'package.json')));
    if (manifest !== undefined) return manifest;
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

function parseManifest(text: string | undefined): Manifest | undefined {
  if (text === undefined) return undefined;
  try {
    const { name, version } = JSON.parse(text) as { name?: unknown; version?: unknown };
    if (typeof name !== 'string' || name === '') return undefined;
    return { name, version: typeof version === 'string' && version !== '' ? version : undefined };
  } catch {
    return undefined;
  }
}
