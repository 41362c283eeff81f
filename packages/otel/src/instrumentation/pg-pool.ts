import type { EventEmitter } from 'node:events';
import {
  InstrumentationBase,
  InstrumentationNodeModuleDefinition,
  type InstrumentationModuleDefinition,
} from '@opentelemetry/instrumentation';
import { metricsCollector } from '@crmbet/metrics';

interface Pool extends EventEmitter {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly ended?: boolean;
  readonly options: { max?: number };
}
type Connect = (this: Pool, ...args: unknown[]) => unknown;
type PoolClass = { prototype: { connect: Connect; end: Connect } };

/** Pools that were used and not ended. */
const pools = new Set<Pool>();

/** The {@link PgPoolInstrumentation}. */
export function createPgPoolInstrumentation(): PgPoolInstrumentation {
  return new PgPoolInstrumentation();
}

/** Keeps `db_connections_active` and `db_connections_max`: the sums over all pools of `pg-pool`, that is of `pg`. */
class PgPoolInstrumentation extends InstrumentationBase {
  constructor() {
    super('@crmbet/otel/pg-pool', '0.1.0', {});
  }

  override init(): InstrumentationModuleDefinition {
    return new InstrumentationNodeModuleDefinition(
      'pg-pool',
      ['>=2.0.0 <4'],
      (exported: PoolClass & { default?: PoolClass }) => {
        const { prototype } = poolClass(exported);
        this._wrap(prototype, 'connect', watchFirst);
        this._wrap(prototype, 'end', forget);
        return exported;
      },
      (exported?: PoolClass & { default?: PoolClass }) => {
        if (exported === undefined) return;
        this._unwrap(poolClass(exported).prototype, 'connect');
        this._unwrap(poolClass(exported).prototype, 'end');
      },
    );
  }
}

function poolClass(exported: PoolClass & { default?: PoolClass }): PoolClass {
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
  metricsCollector.trackDBConnection(active, max);
}
