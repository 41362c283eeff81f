/** Starts requests at a steady rate whatever the answers take, as independent clients would. */
import { setTimeout as wait } from 'node:timers/promises';
import { createLoadClient } from './client.ts';
import type { LoadOptions } from './options.ts';
import { scenarios, type LoadContext, type Scenario } from './scenarios.ts';
import { addRequest, countRequests, type LoadProgress, type ScenarioStatistics } from './statistics.ts';

const MAX_IN_FLIGHT = 200;
const PROGRESS_INTERVAL_MS = 1000;
/** The first users, so that reads have something to read. */
const FIRST_USERS = 5;

export interface LoadResult {
  statistics: ScenarioStatistics[];
  progress: LoadProgress;
}

export interface LoadRunOptions extends LoadOptions {
  /** Ends the run early; requests in flight are waited for. */
  signal: AbortSignal;
  /** Called about once a second. */
  onProgress(progress: LoadProgress): void;
  /** In [0, 1); tests give their own. */
  random?: () => number;
}

export async function runLoad(options: LoadRunOptions): Promise<LoadResult> {
  const { url, ratePerSecond, durationSeconds, signal, onProgress, random = Math.random } = options;
  const context: LoadContext = { client: createLoadClient(url, random), userIds: [], random };
  const statistics = new Map<string, ScenarioStatistics>(
    scenarios.map(({ name }) => [name, { name, statuses: new Map(), durationsMs: [] }]),
  );
  const started = performance.now();
  const inFlight = new Set<Promise<void>>();
  let skipped = 0;

  const progress = (): LoadProgress => ({
    elapsedSeconds: (performance.now() - started) / 1000,
    requests: countRequests(statistics.values(), () => true),
    serverErrors: countRequests(statistics.values(), (status) => status >= 500),
    inFlight: inFlight.size,
    skipped,
  });
  const send = async (scenario: Scenario) => {
    const begun = performance.now();
    const { status } = await scenario.run(context);
    const counted = statistics.get(scenario.name);
    if (counted) addRequest(counted, status, performance.now() - begun);
  };
  const start = (scenario: Scenario) => {
    const request = send(scenario).finally(() => inFlight.delete(request));
    inFlight.add(request);
  };

  const timer = setInterval(() => onProgress(progress()), PROGRESS_INTERVAL_MS);
  try {
    for (let n = 0; n < durationSeconds * ratePerSecond && !signal.aborted; n += 1) {
      if (inFlight.size >= MAX_IN_FLIGHT) skipped += 1;
      else start(n < FIRST_USERS ? named('register') : choose(random));
      const due = started + ((n + 1) * 1000) / ratePerSecond;
      await wait(Math.max(0, due - performance.now()), undefined, { signal }).catch(() => undefined);
    }
    await Promise.all(inFlight);
  } finally {
    clearInterval(timer);
  }
  return { statistics: [...statistics.values()], progress: progress() };
}

function named(name: string): Scenario {
  const scenario = scenarios.find((candidate) => candidate.name === name);
  if (!scenario) throw new Error(`No scenario ${name}`);
  return scenario;
}

const totalWeight = scenarios.reduce((sum, { weight }) => sum + weight, 0);

/** A scenario, each as often as its weight says. */
function choose(random: () => number): Scenario {
  let left = random() * totalWeight;
  return scenarios.find(({ weight }) => (left -= weight) < 0) ?? named('read a user');
}
