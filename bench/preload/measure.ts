/** One run of one contender, from its start to its end. */
import { setTimeout as delay } from 'node:timers/promises';
import { type Child, startChild } from './child.ts';
import type { Answered, Order } from './client.ts';
import type { Installed } from './install.ts';
import type { Counted } from './sink-count.ts';
import type { Stage } from './stage.ts';

export interface Figures {
  /** Of the process until it listens. */
  startCpuMs: number;
  /** Of the process, exports included. */
  requestCpuUs: number;
  p99Ms: number;
  restRssMb: number;
  loadedRssMb: number;
  /** Longest delay of the event loop at {@link plan}.fastPerSecond. */
  maxPauseMs: number;
  /** Requests that the exported spans tell of, out of those that were made: 1 is all. */
  exportedShare: number;
  spansPerRequest: number;
  bytesPerRequest: number;
  httpMetrics: boolean;
}

/** Sizes of the parts of a run. */
export const plan = {
  restMs: 1000,
  warmUpRequests: 5000,
  requests: 20_000,
  connections: 16,
  /** After the requests, the same for all: time for the last export. */
  drainMs: 2500,
  moderatePerSecond: 1000,
  fastPerSecond: 5000,
  pacedSeconds: 3,
  pacedConnections: 64,
};

interface Usage {
  cpuMicroseconds: number;
  rssBytes: number;
  maxPauseMs: number;
}

/** CPU time of a start until it listens, milliseconds; nothing else is done. */
export async function measureStart(stage: Stage, installed: Installed): Promise<number> {
  const { child, cpuMicroseconds } = await startApplication(stage, installed);
  await child.kill();
  return cpuMicroseconds / 1000;
}

/** A whole run. */
export async function measure(stage: Stage, installed: Installed): Promise<Figures> {
  const { child, port, cpuMicroseconds } = await startApplication(stage, installed);
  try {
    const usage = (): Promise<Usage> => child.ask<Usage>('usage');
    const send = (order: Omit<Order, 'port'>): Promise<Answered> => stage.client.ask<Answered>({ port, ...order });
    await delay(plan.restMs);
    const rest = await usage();
    await send({ requests: plan.warmUpRequests, connections: plan.connections });
    await delay(plan.drainMs);
    await stage.sink.ask<Counted>('count');

    const before = await usage();
    await send({ requests: plan.requests, connections: plan.connections });
    await delay(plan.drainMs);
    const after = await usage();
    const counted = await stage.sink.ask<Counted>('count');

    const paced = (perSecond: number): Promise<Answered> =>
      send({ requests: perSecond * plan.pacedSeconds, connections: plan.pacedConnections, perSecond });
    const moderate = await paced(plan.moderatePerSecond);
    await usage();
    await paced(plan.fastPerSecond);
    const { maxPauseMs } = await usage();
    await delay(plan.drainMs);
    const end = await usage();
    const { httpMetrics } = await stage.sink.ask<Counted>('count');
    return {
      startCpuMs: cpuMicroseconds / 1000,
      requestCpuUs: (after.cpuMicroseconds - before.cpuMicroseconds) / plan.requests,
      p99Ms: moderate.p99Ms,
      restRssMb: rest.rssBytes / 1e6,
      loadedRssMb: end.rssBytes / 1e6,
      maxPauseMs,
      exportedShare: counted.requests / plan.requests,
      spansPerRequest: counted.spans / plan.requests,
      bytesPerRequest: counted.bytes / plan.requests,
      httpMetrics: httpMetrics || counted.httpMetrics,
    };
  } finally {
    await child.kill();
  }
}

async function startApplication(
  { application, sinkUrl }: Stage,
  { contender, folder }: Installed,
): Promise<{ child: Child; port: number; cpuMicroseconds: number }> {
  const environment = contender.environment(sinkUrl);
  const child = startChild({ file: application, folder, nodeArguments: contender.preload, environment });
  try {
    return { child, ...(await child.next<{ port: number; cpuMicroseconds: number }>()) };
  } catch (error) {
    await child.kill();
    throw error;
  }
}
