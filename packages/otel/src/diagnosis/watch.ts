import type { Settings } from '../config/read.ts';
import type { Reporter } from '../report/reporter.ts';
import type * as Endpoints from '../report/endpoints.ts';
import type * as StartupLine from '../report/startup-line.ts';
import type * as Beside from './beside.ts';
import type * as Channel from './channel.ts';
import type * as Instrumentable from './instrumentable.ts';
import type * as Notes from './notes.ts';
import { loadedPackages, type LoadedPackage } from './packages.ts';
import type * as OtherTools from './other-tools.ts';
import type * as Report from './report.ts';

/** Milliseconds after the start at which an application has loaded what it uses. */
const lookAfterMs = 1000;
const talkative: ReadonlySet<string> = new Set(['info', 'debug', 'verbose', 'all']);

/** Names a folder in which every preloaded process keeps its {@link Report.ProcessReport}: how `crmbet-otel doctor` asks. */
const folderVariable = 'CRMBET_OTEL_DIAGNOSIS';

/** How the start went. */
export interface Outcome {
  state: Report.ProcessState;
  settings?: Settings;
  serviceName?: string;
}

/** Watches one start of the SDK. What it needs to look and to write is loaded when it does: an ordinary start pays a timer. */
export interface Watch {
  settled(outcome: Outcome): void;
}

/** To be called before anything is started: what is loaded now was loaded before the preload. */
export function watchStart(reporter: Reporter): Watch {
  const early = loadedPackages();
  const seen = new Set<string>();
  const folder = process.env[folderVariable] || undefined;
  const channel = folder === undefined ? undefined : (require('./channel.js') as typeof Channel);
  channel?.watchLoading(seen);
  if (isFirstOfCluster() && preloadCount() > 1) (require('./beside.js') as typeof Beside).notePreloadedTwice();
  return {
    settled(outcome) {
      const look = () => lookAround(outcome, early, seen, channel !== undefined);
      if (channel && folder !== undefined) channel.keepReport(folder, look);
      if (outcome.state !== 'running' || !isFirstOfCluster()) return;
      sayWhenLoaded(outcome, () => (isWorthALook(outcome, early) ? look() : undefined), reporter);
    },
  };
}

function lookAround(
  { state, settings, serviceName = '' }: Outcome,
  early: readonly LoadedPackage[],
  seen: ReadonlySet<string>,
  looksIntoBundle: boolean,
): Report.ProcessReport {
  const { createReport } = require('./report.js') as typeof Report;
  const { instrumentable } = require('./instrumentable.js') as typeof Instrumentable;
  const selection = settings === undefined ? {} : { selection: settings.instrumentations };
  return createReport({ state, serviceName, early: instrumentable(early), seen, looksIntoBundle, ...selection });
}

/** How many modules Node.js was told to load before the application; a cheap look that may count too many. */
function preloadCount(): number {
  return (
    `${process.env['NODE_OPTIONS'] ?? ''} ${process.execArgv.join(' ')}`.split(/(?:^|\s)(?:--require|-r|--import)\b/)
      .length - 1
  );
}

/** The workers of a cluster would say the same as their primary. */
function isFirstOfCluster(): boolean {
  return process.env['NODE_UNIQUE_ID'] === undefined;
}

/** A look costs milliseconds: it is for when somebody asked, or it will find something. */
function isWorthALook({ settings }: Outcome, early: readonly LoadedPackage[]): boolean {
  if (settings && talkative.has(settings.sdk.logLevel)) return true;
  const { instrumentable } = require('./instrumentable.js') as typeof Instrumentable;
  const { notedFindings } = require('./notes.js') as typeof Notes;
  const { otherTools } = require('./other-tools.js') as typeof OtherTools;
  const packages = loadedPackages();
  const hasCopies = packages.filter(({ name }) => name === '@opentelemetry/api').length > 1;
  return (
    hasCopies ||
    instrumentable(early).length > 0 ||
    otherTools(packages).length > 0 ||
    notedFindings().some(({ severity }) => severity === 'error')
  );
}

/** Says what is wrong, and the startup line: once, when the application has had time to load, or at its end. */
function sayWhenLoaded({ settings }: Outcome, look: () => Report.ProcessReport | undefined, reporter: Reporter): void {
  if (!settings || settings.sdk.logLevel === 'none') return;
  const once = () => {
    clearTimeout(timer);
    process.removeListener('exit', atExit);
    const report = look();
    if (report === undefined) return undefined;
    const { noteFinding } = require('./notes.js') as typeof Notes;
    for (const finding of report.findings) noteFinding(finding, reporter.say);
    const isWrong = report.findings.some(({ severity }) => severity === 'error');
    return isWrong || talkative.has(settings.sdk.logLevel) ? report : undefined;
  };
  const atExit = () => {
    const report = once();
    if (report) sayLine(report, settings, reporter);
  };
  const timer = setTimeout(() => {
    const report = once();
    if (report) void sayLineWithAnswers(report, settings, reporter);
  }, lookAfterMs).unref();
  process.on('exit', atExit);
}

function sayLine(
  report: Report.ProcessReport,
  settings: Settings,
  reporter: Reporter,
  reached?: ReadonlyMap<string, boolean>,
): void {
  const { startupLine } = require('../report/startup-line.js') as typeof StartupLine;
  reporter.say(startupLine(report, settings, reached));
}

async function sayLineWithAnswers(report: Report.ProcessReport, settings: Settings, reporter: Reporter): Promise<void> {
  const { answers, otlpEndpoints } = require('../report/endpoints.js') as typeof Endpoints;
  const endpoints = otlpEndpoints(settings);
  const reached = await Promise.all(
    endpoints.map(async (endpoint) => [endpoint.origin, await answers(endpoint)] as const),
  );
  sayLine(report, settings, reporter, new Map(reached));
}
