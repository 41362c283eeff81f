import { isBuiltin } from 'node:module';
import { instrumentationTable } from '../instrumentation/table.ts';
import type { LoadedPackage } from './packages.ts';

/** Names of all packages that there is an instrumentation for. */
export const packageNames: readonly string[] = instrumentationTable
  .flatMap(({ modules }) => modules)
  .filter((name) => !isBuiltin(name));

/** The packages out of `packages` that there is an instrumentation for. */
export function instrumentable(packages: readonly LoadedPackage[]): LoadedPackage[] {
  return packages.filter(({ name }) => packageNames.includes(name));
}
