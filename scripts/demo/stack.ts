/** The three processes of the demo: `crmbet-otel up`, the backend under the preload, the load. */
import { createHttpBackend, type TelemetryBackend } from '@crmbet/telemetry';
import { DemoError } from './error.ts';
import { poll } from './poll.ts';
import type { Ports } from './ports.ts';
import type { Child, Children } from './processes.ts';

const READY_TIMEOUT_MS = 30_000;

export interface Stack {
  uiUrl: string;
  backendUrl: string;
  telemetry: TelemetryBackend;
}

/**
 * Starts the receiver, then the backend, and waits until both answer.
 * @throws {DemoError} `NOT_READY`
 */
export async function startStack(children: Children, ports: Ports, dataFile: string): Promise<Stack> {
  const uiUrl = `http://127.0.0.1:${ports.ui}`;
  const backendUrl = `http://127.0.0.1:${ports.backend}`;
  const telemetry = createHttpBackend(uiUrl);

  const up = children.start('crmbet-otel up', [
    'packages/cli/bin/crmbet-otel.mjs',
    'up',
    `--http-port=${ports.otlpHttp}`,
    `--grpc-port=${ports.otlpGrpc}`,
    `--ui-port=${ports.ui}`,
    `--data=${dataFile}`,
  ]);
  await ready(up, async () => (await telemetry.status(), true));

  const backend = children.start('the backend', ['--require', '@crmbet/otel', 'examples/backend/dist/main.js'], {
    PORT: String(ports.backend),
    OTEL_SERVICE_NAME: 'crmbet-backend',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${ports.otlpHttp}`,
    // A demo is watched live: what happened is to be seen within a second.
    OTEL_BSP_SCHEDULE_DELAY: '500',
    OTEL_BLRP_SCHEDULE_DELAY: '500',
    OTEL_METRIC_EXPORT_INTERVAL: '1000',
    OTEL_METRIC_EXPORT_TIMEOUT: '1000',
  });
  await ready(backend, async () => ((await fetch(`${backendUrl}/health`)).ok ? true : undefined));
  return { uiUrl, backendUrl, telemetry };
}

export function startLoad(
  children: Children,
  backendUrl: string,
  ratePerSecond: number,
  durationSeconds: number,
): Child {
  const options = ['--url', backendUrl, '--rate', String(ratePerSecond), '--duration', String(durationSeconds)];
  return children.start('the load', ['examples/backend/dist/load/main.js', ...options]);
}

async function ready(child: Child, attempt: () => Promise<true | undefined>): Promise<void> {
  if (await poll(READY_TIMEOUT_MS, attempt)) return;
  throw new DemoError(
    'NOT_READY',
    `${child.name} did not answer within ${READY_TIMEOUT_MS / 1000} s. Its output:\n${child.output()}`,
  );
}
