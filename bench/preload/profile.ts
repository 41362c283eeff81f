/** Where our own cost goes: CPU profiles of the start and of the requests, by package. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startChild } from './child.ts';
import type { Installed } from './install.ts';
import { plan } from './measure.ts';
import type { Stage } from './stage.ts';

/** Milliseconds of the main thread by package; code of Node.js itself counts for the package that called it. */
export type Shares = Map<string, number>;

export interface Profiled {
  /** From the first preload until the application listens. */
  readonly start: Shares;
  /** While {@link plan}.requests were answered and exported. */
  readonly requests: Shares;
}

interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string }; children?: number[] }[];
  samples: number[];
  timeDeltas: number[];
}

/** Profiles one contender, once. */
export async function profile(stage: Stage, { contender, folder }: Installed): Promise<Profiled> {
  const output = mkdtempSync(join(tmpdir(), 'crmbet-bench-profile-'));
  const file = join(output, 'profile.json');
  const child = startChild({
    file: stage.application,
    folder,
    nodeArguments: ['--require', join(import.meta.dirname, 'profiler.cjs'), ...contender.preload],
    environment: { ...contender.environment(stage.sinkUrl), BENCH_PROFILE_START: 'true' },
  });
  const stop = async (): Promise<Shares> => {
    await child.ask({ profile: 'stop', file });
    return byPackage(JSON.parse(readFileSync(file, 'utf8')) as CpuProfile);
  };
  try {
    const { port } = await child.next<{ port: number }>();
    const start = await stop();
    const { connections } = plan;
    await stage.client.ask({ port, requests: plan.warmUpRequests, connections });
    await child.ask({ profile: 'start' });
    await stage.client.ask({ port, requests: plan.requests, connections });
    await delay(plan.drainMs);
    return { start, requests: await stop() };
  } finally {
    await child.kill();
    rmSync(output, { recursive: true, force: true });
  }
}

/** Hooks of `require` and `import`: what Node.js does below them is for the module that they load. */
const hooks = new Set(['require-in-the-middle', 'import-in-the-middle']);
const notWork = new Set(['(idle)', '(root)']);

function byPackage({ nodes, samples, timeDeltas }: CpuProfile): Shares {
  const owners = new Map<number, string>();
  const children = new Map(nodes.map(({ id, children = [] }) => [id, children]));
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const visit = (id: number, caller: string): void => {
    const frame = frames.get(id);
    const own = frame?.functionName === '(garbage collector)' ? frame.functionName : packageOf(frame?.url ?? '');
    owners.set(id, own ?? caller);
    for (const child of children.get(id) ?? []) visit(child, own === undefined || hooks.has(own) ? caller : own);
  };
  visit(nodes[0]?.id ?? 0, 'Node.js');
  const shares: Shares = new Map();
  for (const [index, id] of samples.entries()) {
    if (notWork.has(frames.get(id)?.functionName ?? '')) continue;
    const owner = owners.get(id) ?? 'Node.js';
    shares.set(owner, (shares.get(owner) ?? 0) + (timeDeltas[index] ?? 0) / 1000);
  }
  return shares;
}

/** Undefined for code of Node.js itself. */
function packageOf(url: string): string | undefined {
  if (url === '' || url.startsWith('node:')) return undefined;
  const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? [];
  return name ?? 'application';
}
