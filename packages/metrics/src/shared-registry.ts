import { Registry } from './registry.ts';
import { processWarning } from './warnings.ts';

const REGISTRY_KEY = Symbol.for('crmbet.metrics.registry');
/** Raised when a registry of one copy of this package can no longer be used by another copy. */
const REGISTRY_VERSION = 1;

interface SharedRegistry {
  readonly version: number;
  readonly registry: Registry;
}

/** The registry of this process: every copy of this package that has the same registry version shares one. */
export function sharedRegistry(): Registry {
  const holder = globalThis as { [REGISTRY_KEY]?: SharedRegistry };
  const existing = holder[REGISTRY_KEY];
  if (existing?.version === REGISTRY_VERSION) return existing.registry;
  const registry = new Registry({
    exemplars: exemplarsWanted(process.env['OTEL_METRICS_EXEMPLAR_FILTER']),
    defaultMetrics: existing === undefined,
    now: Date.now,
    warn: processWarning,
  });
  if (existing === undefined) {
    holder[REGISTRY_KEY] = { version: REGISTRY_VERSION, registry };
  } else {
    processWarning(
      `Two copies of @crmbet/metrics are loaded that cannot share their metrics (registry versions ${existing.version} ` +
        `and ${REGISTRY_VERSION}): what the second records is not on the first one's /metrics. Install one version.`,
    );
  }
  return registry;
}

/** `OTEL_METRICS_EXEMPLAR_FILTER` of the OpenTelemetry specification; an exemplar without a trace is of no use, so `always_on` is as `trace_based`. */
function exemplarsWanted(filter: string | undefined): boolean {
  return filter?.trim().toLowerCase() !== 'always_off';
}
