import { isBuiltin } from 'node:module';
import { selectInstrumentations, type Selection } from '../instrumentation/libraries/select.ts';
import { instrumentationTable } from '../instrumentation/table.ts';
import { shownSettings } from '../report/shown-settings.ts';
import { apiCopies, type ApiCopy } from './api-global.ts';
import { bundledPackages } from './bundle.ts';
import { hasFailed } from './failures.ts';
import type { Finding } from './finding.ts';
import { packageNames } from './instrumentable.ts';
import { notedFindings } from './notes.ts';
import { otherTools } from './other-tools.ts';
import { ownVersion } from './own-package.ts';
import { loadedPackages, versionOf, type LoadedPackage } from './packages.ts';
import { preloads } from './preload-options.ts';

/** `beside`: another SDK was there first. */
export type ProcessState = 'running' | 'disabled' | 'beside' | 'failed';

/** A package whose calls make telemetry. */
export interface InstrumentedPackage {
  readonly name: string;
  /** Absent for what is part of Node.js. */
  readonly version?: string;
}

/** What the preload knows about the process it is in. */
export interface ProcessReport {
  readonly pid: number;
  /** Path of the entry script, or `-` without one. */
  readonly script: string;
  readonly nodeVersion: string;
  readonly version: string;
  readonly state: ProcessState;
  readonly serviceName: string;
  readonly instrumented: readonly InstrumentedPackage[];
  readonly findings: readonly Finding[];
  /** `NAME=value`, redacted. */
  readonly settings: readonly string[];
}

/** What only the process itself can say. */
export interface ProcessFacts {
  readonly state: ProcessState;
  readonly serviceName: string;
  /** Packages that were loaded when the preload began. */
  readonly early: readonly LoadedPackage[];
  /** Files that a hook on loading has seen, ES modules too. */
  readonly seen: ReadonlySet<string>;
  /** What the settings select; absent while nothing is instrumented. */
  readonly selection?: Selection;
  /** Whether to read the entry script for packages that are bundled into it. */
  readonly looksIntoBundle: boolean;
}

const everything: Selection = { enabled: undefined, disabled: undefined };

/** The report of this process, now. */
export function createReport(facts: ProcessFacts): ProcessReport {
  const packages = loadedPackages(facts.seen);
  const isRunning = facts.state === 'running';
  return {
    pid: process.pid,
    script: process.argv[1] ?? '-',
    nodeVersion: process.versions.node,
    version: ownVersion(),
    state: facts.state,
    serviceName: facts.serviceName,
    instrumented: isRunning ? instrumentedPackages(packages, facts.selection) : [],
    findings: [
      ...notedFindings(),
      ...(isRunning ? [...earlyFindings(facts.early), ...bundleFindings(facts, packages)] : []),
      ...apiFindings(apiCopies(packages)),
      ...otherTools(packages),
    ],
    settings: shownSettings(process.env),
  };
}

function instrumentedPackages(
  packages: readonly LoadedPackage[],
  selection: Selection = everything,
): InstrumentedPackage[] {
  // What is wrong with the selection was said at the start.
  const used = selectInstrumentations(instrumentationTable, selection, () => undefined).filter(
    ({ name }) => !hasFailed(name),
  );
  const builtIn = used.filter(({ modules }) => modules.every((name) => isBuiltin(name))).map(({ name }) => ({ name }));
  const hooked = new Set(used.flatMap(({ modules }) => modules));
  const loaded = packages
    .filter(({ name }) => hooked.has(name))
    .map(({ name, folder }) => ({ name, version: versionOf(folder) }));
  return [...builtIn, ...loaded];
}

function earlyFindings(early: readonly LoadedPackage[]): Finding[] {
  if (early.length === 0) return [];
  const before = preloads().map(({ flag, specifier, from }) => `${flag} ${specifier} (${from})`);
  const order = before.length > 1 ? `; now the order is ${before.join(', ')}` : '';
  return [
    {
      code: 'LOADED_BEFORE_PRELOAD',
      severity: 'error',
      what: `loaded before @crmbet/otel and so not or not wholly instrumented: ${early.map(({ name }) => name).join(', ')}`,
      advice: `make \`--require @crmbet/otel\` the first thing that Node.js loads${order}`,
    },
  ];
}

function bundleFindings({ looksIntoBundle }: ProcessFacts, packages: readonly LoadedPackage[]): Finding[] {
  const missing = packageNames.filter((name) => packages.every((loaded) => loaded.name !== name));
  const bundled = looksIntoBundle ? bundledPackages(process.argv[1], missing) : [];
  if (bundled.length === 0) return [];
  return [
    {
      code: 'BUNDLED',
      severity: 'error',
      what: `bundled into the entry script and so not instrumented: ${bundled.join(', ')}`,
      advice: `leave them out of the bundle (esbuild: ${bundled.map((name) => `--external:${name}`).join(' ')}; webpack: \`externals\`) and install them beside it`,
    },
  ];
}

function apiFindings(copies: readonly ApiCopy[]): Finding[] {
  const unheard = copies.filter(({ isCompatible }) => !isCompatible);
  const list = (some: readonly ApiCopy[]) => some.map(({ version, folder }) => `${version} (${folder})`).join(', ');
  const advice =
    'install one version of @opentelemetry/api for the whole application (`npm ls @opentelemetry/api` shows who brings which)';
  return unheard.length === 0
    ? []
    : [
        {
          code: 'API_COPY_INCOMPATIBLE',
          severity: 'error',
          what: `telemetry made through these copies of @opentelemetry/api goes nowhere: ${list(unheard)}`,
          advice,
        },
      ];
}
