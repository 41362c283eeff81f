/**
 * The preload beside its peers and beside none: what each adds to an Express application at start and a request, in
 * turns, so that what else the machine does hits all of them alike.
 */
import { contenders } from './preload/contenders.ts';
import { installContender, saveResults } from './preload/install.ts';
import { type Figures, measure, measureStart, plan } from './preload/measure.ts';
import { report } from './preload/report.ts';
import { withStage } from './preload/stage.ts';

const DEFAULT_ROUNDS = 7;
/** In every round; the whole run makes one more. */
const EXTRA_STARTS = 2;

interface Options {
  readonly rounds?: number | undefined;
  /** Names of contenders; all when absent. */
  readonly only?: readonly string[] | undefined;
}

/** Measures and prints. Resolves to the report in Markdown. */
export async function run({ rounds = DEFAULT_ROUNDS, only }: Options = {}): Promise<string> {
  const results = contenders
    .filter(({ name }) => only === undefined || only.includes(name))
    .map((contender) => ({ installed: installContender(contender), starts: [] as number[], runs: [] as Figures[] }));
  await withStage(async (stage) => {
    for (let round = 1; round <= rounds; round += 1) {
      for (const { installed, starts, runs } of results) {
        process.stderr.write(`bench: round ${round} of ${rounds}, ${installed.contender.name}\n`);
        for (let extra = 0; extra < EXTRA_STARTS; extra += 1) starts.push(await measureStart(stage, installed));
        const figures = await measure(stage, installed);
        starts.push(figures.startCpuMs);
        runs.push(figures);
      }
    }
  });
  saveResults(results);
  const text = `${report(results)}\n\n${explanation(rounds)}`;
  console.log(text);
  return text;
}

function explanation(rounds: number): string {
  return [
    `Medians of ${rounds} runs and ${rounds * (EXTRA_STARTS + 1)} starts, the contenders in turns. Each figure is what the preload adds to the`,
    'application without one, with ours as a share of it in brackets; the pause of the event loop is the whole one, with',
    "what the machine's other work adds: where that was much, the least of the runs tells more.",
    'Application: Express 5 with pg, ioredis, amqplib and winston loaded, one',
    'parameterised route, a JSON answer. Every request is sampled. Traces and metrics are exported over OTLP/HTTP (protobuf)',
    'to another process on 127.0.0.1, by dd-trace and Sentry in their own protocols (the Datadog agent makes HTTP metrics',
    'of the spans, Sentry has none); spans after at most 1 s, metrics every 5 s, everything else as each has it by default.',
    `CPU is user and system time of all threads of the application: until it listens, and over ${plan.requests} requests on`,
    `${plan.connections} connections after ${plan.warmUpRequests} of warm-up, with ${plan.drainMs / 1000} s more for the last export. RSS is read ${plan.restMs / 1000} s after the`,
    `start and after ${plan.warmUpRequests + plan.requests + plan.pacedSeconds * (plan.moderatePerSecond + plan.fastPerSecond)} requests. Installed is what npm puts into node_modules.`,
  ].join('\n');
}
