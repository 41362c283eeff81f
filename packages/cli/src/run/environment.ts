import { createRequire } from 'node:module';

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables for one signal that would win over the endpoint that is set here. */
const signalVariables = ['TRACES', 'METRICS', 'LOGS'].flatMap((signal) =>
  ['ENDPOINT', 'PROTOCOL', 'HEADERS'].map((name) => `OTEL_EXPORTER_OTLP_${signal}_${name}`),
);
const replacedVariables = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_PROTOCOL', 'OTEL_EXPORTER_OTLP_HEADERS'];

/** So that telemetry is there to be looked at soon; milliseconds. An export may not take longer than its interval. */
const quickMetrics = { OTEL_METRIC_EXPORT_INTERVAL: '2000', OTEL_METRIC_EXPORT_TIMEOUT: '2000' };
const quickBatches = { OTEL_BSP_SCHEDULE_DELAY: '500', OTEL_BLRP_SCHEDULE_DELAY: '500' };

/** The variables of the user that {@link telemetryEnvironment} does not keep. */
export function overriddenVariables(environment: Environment): string[] {
  return [...replacedVariables, ...signalVariables].filter((name) => environment[name] !== undefined);
}

/**
 * The environment in which a Node.js command sends its telemetry to `endpoint`: preload in NODE_OPTIONS before what is
 * there already, endpoint and protocol set, short intervals where the user has set none.
 */
export function telemetryEnvironment(environment: Environment, endpoint: string): NodeJS.ProcessEnv {
  const dropped = new Set([...replacedVariables, ...signalVariables]);
  const kept = Object.fromEntries(Object.entries(environment).filter(([name]) => !dropped.has(name)));
  const userTimesMetrics = Object.keys(quickMetrics).some((name) => kept[name] !== undefined);
  return {
    ...quickBatches,
    ...(userTimesMetrics ? {} : quickMetrics),
    ...kept,
    NODE_OPTIONS: nodeOptions(kept['NODE_OPTIONS'], preloadPath()),
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
  };
}

/** Path of the preload, absolute because the command may run anywhere. */
export function preloadPath(): string {
  return createRequire(import.meta.url).resolve('@crmbet/otel');
}

/** NODE_OPTIONS that preloads `path` first. Node.js reads double quotes and backslashes in it as JSON strings have them. */
export function nodeOptions(existing: string | undefined, path: string): string {
  const preload = `--require ${JSON.stringify(path)}`;
  return existing?.includes(preload) ? existing : [preload, existing].filter(Boolean).join(' ');
}
