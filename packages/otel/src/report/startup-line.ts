import type { Settings } from '../config/read.ts';
import type { ProcessReport } from '../diagnosis/report.ts';
import { otlpEndpoints, type Endpoint } from './endpoints.ts';
import { shownName } from './shown-settings.ts';

/** The startup line: everything somebody needs to tell whether telemetry can work, and nothing secret. */
export function startupLine(
  report: ProcessReport,
  settings: Settings,
  reached: ReadonlyMap<string, boolean> = new Map(),
): string {
  const missing = report.findings.filter(({ severity }) => severity === 'error').map(({ what }) => what);
  return [
    `@crmbet/otel ${report.version} on Node.js ${report.nodeVersion}, service ${shownName(report.serviceName)}`,
    whereTo(settings, reached),
    `instrumented: ${list(report.instrumented.map(({ name, version }) => [name, version].filter(Boolean).join(' ')))}`,
    ...(missing.length > 0 ? [`wrong: ${missing.join(', ')}`] : []),
    `settings: ${list(report.settings, ' ')}`,
  ].join('; ');
}

function whereTo(settings: Settings, reached: ReadonlyMap<string, boolean>): string {
  const otlp = otlpEndpoints(settings).map((endpoint) => describe(endpoint, reached.get(endpoint.origin)));
  const others = (['traces', 'metrics', 'logs'] as const).flatMap((signal) => {
    const names: readonly string[] = settings[signal].exporters;
    if (names.length === 0) return [`${signal} nowhere`];
    return names.filter((name) => name !== 'otlp').map((name) => `${signal} to ${name}`);
  });
  return [...otlp, ...others].join(', ');
}

function describe({ origin, protocol, signals }: Endpoint, isReached: boolean | undefined): string {
  const state = isReached === undefined ? '' : isReached ? ', answers' : ', does not answer';
  return `${signals.join(' and ')} to ${origin} (${protocol}${state})`;
}

function list(items: readonly string[], separator = ', '): string {
  return items.length === 0 ? 'none' : items.join(separator);
}
