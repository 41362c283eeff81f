import { loadedPackages, versionOf, type LoadedPackage } from './packages.ts';

/** What @opentelemetry/api 1.x keeps for all its copies in a process. */
interface ApiGlobal {
  version?: string;
  trace?: unknown;
  context?: unknown;
  metrics?: unknown;
  propagation?: unknown;
}

const key = Symbol.for('opentelemetry.js.api.1');

function apiGlobal(): ApiGlobal | undefined {
  return (globalThis as { [key]?: ApiGlobal })[key];
}

/** Version of the copy of the API that registered or logged first; the others have to be compatible with it. */
export function apiVersion(): string | undefined {
  return apiGlobal()?.version;
}

/** Names of the API's parts that somebody has registered an implementation for. */
export function registeredParts(): string[] {
  const global = apiGlobal();
  return (['trace', 'context', 'metrics', 'propagation'] as const).filter((part) => global?.[part] !== undefined);
}

/** A copy of @opentelemetry/api. */
export interface ApiCopy {
  readonly folder: string;
  readonly version: string;
  /** Whether telemetry made through it reaches what is registered. */
  readonly isCompatible: boolean;
}

/** The loaded copies of @opentelemetry/api. */
export function apiCopies(packages: readonly LoadedPackage[] = loadedPackages()): ApiCopy[] {
  const registered = apiVersion();
  return packages
    .filter(({ name }) => name === '@opentelemetry/api')
    .map(({ folder }) => {
      const version = versionOf(folder);
      return { folder, version, isCompatible: registered === undefined || isCompatible(version, registered) };
    });
}

/** The API's own rule (`isCompatible` in its sources): same major version, and not newer than what is registered. */
export function isCompatible(copy: string, registered: string): boolean {
  const [major, minor, rest] = parts(copy);
  const [registeredMajor, registeredMinor, registeredRest] = parts(registered);
  if (major !== registeredMajor) return false;
  if (rest.includes('-') || registeredRest.includes('-')) return copy === registered;
  return minor <= registeredMinor;
}

function parts(version: string): [number, number, string] {
  const [major, minor, ...rest] = version.split('.');
  return [Number(major), Number(minor), rest.join('.')];
}
