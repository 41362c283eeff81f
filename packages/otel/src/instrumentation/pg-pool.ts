import type { EventEmitter } from 'node:events';
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import { metricsCollector } from '@crmbet/metrics';
import { createModulePatch, unwrapMethod, wrapMethod } from './module-patch.ts';

interface Pool extends EventEmitter {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly ended?: boolean;
  readonly options: { max?: number };
}
type Connect = (this: Pool, ...args: unknown[]) => unknown;
type PoolClass = { prototype: { connect: Connect; end: Connect } };
/** The class itself by `require`, a namespace by `import`. */
type Exported = PoolClass & { default?: PoolClass };

/** Pools that were used and not ended. */
const pools = new Set<Pool>();

/** Keeps `db_connections_active` and `db_connections_max`: the sums over all pools of `pg-pool`, that is of `pg`. */
export function createPgPoolInstrumentation(): Instrumentation {
  return createModulePatch<Exported>({
    module: 'pg-pool',
    versions: ['>=2.0.0 <4'],
    apply(exported) {
      const { prototype } = poolClass(exported);
      wrapMethod(prototype, 'connect', watchFirst);
      wrapMethod(prototype, 'end', forget);
    },
    undo(exported) {
      const { prototype } = poolClass(exported);
      unwrapMethod(prototype, 'connect');
      unwrapMethod(prototype, 'end');
    },
  });
}

function poolClass(exported: Exported): PoolClass {
  return typeof exported === 'function' ? exported : (exported.default ?? exported);
}

function watchFirst(original: Connect): Connect {
  return function connect(...args) {
    if (!pools.has(this)) watch(this);
    return original.apply(this, args);
  };
}

function watch(pool: Pool): void {
  pools.add(pool);
  // `release` comes before the pool counts the client as idle.
  pool
    .on('acquire', report)
    .on('remove', report)
    .on('release', () => setImmediate(report).unref());
  report();
}

function forget(original: Connect): Connect {
  return function end(...args) {
    pools.delete(this);
    report();
    return original.apply(this, args);
  };
}

function report(): void {
  let active = 0;
  let max = 0;
  for (const pool of pools) {
    active += pool.totalCount - pool.idleCount;
    max += pool.options.max ?? 10;
  }
  // The state of the process, not the doing of the request that happens to be here: it gets no exemplar.
  context.with(ROOT_CONTEXT, () => metricsCollector.trackDBConnection(active, max));
}
