import { BASE, OURS } from './contenders.ts';
import type { Installed } from './install.ts';
import { type Figures, plan } from './measure.ts';
import { median, table } from './table.ts';

/** Everything that was measured of one contender. */
export interface Result {
  readonly installed: Installed;
  readonly starts: readonly number[];
  readonly runs: readonly Figures[];
}

type Cell = (result: Result) => string;

/** The Markdown tables: what each adds to the application without a preload, with our figure as a share of theirs. */
export function report(results: readonly Result[]): string {
  const find = (name: string): Result | undefined => results.find(({ installed }) => installed.contender.name === name);
  const base = find(BASE);
  const ours = find(OURS);
  const added = (read: (result: Result) => number, unit: string, digits: number): Cell => {
    const over = (result: Result): number => read(result) - (base ? read(base) : 0);
    return (result) => {
      if (result === base) return `${read(result).toFixed(digits)} ${unit} in all`;
      const figure = `${base ? '+' : ''}${over(result).toFixed(digits)} ${unit}`;
      return result === ours || ours === undefined ? figure : `${figure} (${share(over(ours), over(result))})`;
    };
  };
  const of =
    (key: 'requestCpuUs' | 'p99Ms' | 'restRssMb' | 'loadedRssMb'): ((result: Result) => number) =>
    ({ runs }) =>
      median(runs.map((run) => run[key]));
  const costs: [string, Cell][] = [
    ['CPU at start', added(({ starts }) => median(starts), 'ms', 0)],
    ['CPU a request', added(of('requestCpuUs'), 'µs', 1)],
    [`p99 at ${plan.moderatePerSecond}/s`, added(of('p99Ms'), 'ms', 1)],
    ['the same, least of the runs', added(({ runs }) => Math.min(...runs.map(({ p99Ms }) => p99Ms)), 'ms', 1)],
    ['RSS at rest', added(of('restRssMb'), 'MB', 0)],
    ['RSS after load', added(of('loadedRssMb'), 'MB', 0)],
    [`longest pause at ${plan.fastPerSecond}/s`, pauses],
  ];
  const proof: [string, Cell][] = [
    ['installed', ({ installed }) => (installed.packages > 0 ? `${(installed.bytes / 1e6).toFixed(1)} MB` : '')],
    ['packages', ({ installed }) => (installed.packages > 0 ? String(installed.packages) : '')],
    ['requests that arrived', exported],
    ['spans a request', ({ runs }) => median(runs.map((run) => run.spansPerRequest)).toFixed(1)],
    ['bytes a request', ({ runs }) => median(runs.map((run) => run.bytesPerRequest)).toFixed(0)],
    ['HTTP metrics', ({ runs }) => (runs.every(({ httpMetrics }) => httpMetrics) ? 'yes' : 'none came')],
  ];
  return `${columns(results, costs)}\n\n${columns(results, proof)}`;
}

/** What else the machine does makes pauses too: the least of the runs has fewest of those. */
function pauses({ runs }: Result): string {
  const all = runs.map(({ maxPauseMs }) => maxPauseMs);
  return `${median(all).toFixed(1)} ms, least ${Math.min(...all).toFixed(1)}`;
}

function exported({ installed, runs }: Result): string {
  if (installed.contender.name === BASE) return '';
  const least = Math.min(...runs.map((run) => run.exportedShare));
  return least > 0.999 && least < 1.001 ? 'all' : `**${(least * 100).toFixed(1)} % in the worst run**`;
}

function share(ours: number, theirs: number): string {
  return theirs > 0 ? `ours ${(ours / theirs).toFixed(2)} of it` : 'no more than the base';
}

function columns(results: readonly Result[], cells: readonly [string, Cell][]): string {
  const header = ['preload', ...cells.map(([title]) => title)];
  return table(
    header,
    results.map((result) => [label(result), ...cells.map(([, cell]) => cell(result))]),
  );
}

function label({ installed: { contender } }: Result): string {
  const version = contender.packages[0]?.split('@').at(-1);
  if (contender.name === OURS) return `${OURS}, this checkout`;
  return version === undefined ? contender.name : `${contender.name} ${version}`;
}
