/** Where the cost of our preload goes: CPU profiles of the application with it and without, by package. */
import { contenders, BASE, OURS, type Contender } from './preload/contenders.ts';
import { installContender } from './preload/install.ts';
import { type Profiled, profile, type Shares } from './preload/profile.ts';
import { withStage } from './preload/stage.ts';
import { median, table } from './preload/table.ts';

const ROUNDS = 3;
/** Packages with less than this share of what is added are summed up. */
const LEAST_SHARE = 0.015;

/** Profiles and prints. Resolves to the report in Markdown. */
export async function run(): Promise<string> {
  const contestants = [BASE, OURS].map((name) => ({ installed: installContender(find(name)), runs: [] as Profiled[] }));
  await withStage(async (stage) => {
    for (let round = 1; round <= ROUNDS; round += 1) {
      for (const { installed, runs } of contestants) {
        process.stderr.write(`bench: profile ${round} of ${ROUNDS}, ${installed.contender.name}\n`);
        runs.push(await profile(stage, installed));
      }
    }
  });
  const [base = [], ours = []] = contestants.map(({ runs }) => runs);
  const parts = (['start', 'requests'] as const).map((part) => {
    const rows = added(medians(ours.map((run) => run[part])), medians(base.map((run) => run[part])));
    return table([part === 'start' ? 'at start' : 'a request', 'share of what the preload adds'], rows);
  });
  const explanation = [
    `Time of the main thread, median of ${ROUNDS} profiles. What Node.js does counts for the package that called it; what it does`,
    "for the application's packages, and garbage collection, counts as far as it is more than without the preload.",
  ].join('\n');
  const text = [...parts, explanation].join('\n\n');
  console.log(text);
  return text;
}

function find(name: string): Contender {
  const contender = contenders.find((one) => one.name === name);
  if (contender === undefined) throw new Error(`No contender ${name}`);
  return contender;
}

function medians(runs: readonly Shares[]): Shares {
  const owners = new Set(runs.flatMap((run) => [...run.keys()]));
  return new Map([...owners].map((owner) => [owner, median(runs.map((run) => run.get(owner) ?? 0))]));
}

/** Packages of the preload one by one, those that the application has anyway together. */
function added(ours: Shares, base: Shares): string[][] {
  const rows = new Map<string, number>();
  const add = (owner: string, ms: number): void => void rows.set(owner, (rows.get(owner) ?? 0) + ms);
  for (const [owner, ms] of ours) {
    const known = base.get(owner);
    if (known === undefined) add(owner, ms);
    else add(owner.startsWith('(') ? owner : "the application's packages and Node.js", ms - known);
  }
  const total = [...rows.values()].reduce((sum, ms) => sum + ms, 0);
  const large = [...rows].filter(([, ms]) => ms / total >= LEAST_SHARE).sort(([, a], [, b]) => b - a);
  const rest = total - large.reduce((sum, [, ms]) => sum + ms, 0);
  return [...large, ['others', rest] as const].map(([owner, ms]) => [owner, `${((ms / total) * 100).toFixed(0)} %`]);
}
