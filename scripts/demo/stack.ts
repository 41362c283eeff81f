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
 * Starts the receiver, then the backend, and waits until both listen.
 * @throws {DemoError} `NOT_READY`
 */
export async function startStack(children: Children, ports: Ports, dataFile: string): Promise<Stack> {
  const up = children.start('crmbet-otel up', [
    'packages/cli/bin/crmbet-otel.mjs',
    'up',
    '--json',
    `--http-port=${ports.otlpHttp}`,
    `--grpc-port=${ports.otlpGrpc}`,
    `--ui-port=${ports.ui}`,
    `--data=${dataFile}`,
  ]);
  const addresses = await ready(up, /^\{.*\}$/m);
  const { url: uiUrl, httpPort } = JSON.parse(addresses[0]) as { url: string; httpPort: number };

  const backend = children.start('the backend', ['--require', '@crmbet/otel', 'examples/backend/dist/main.js'], {
    env: {
      PORT: String(ports.backend),
      OTEL_SERVICE_NAME: 'crmbet-backend',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${httpPort}`,
      // A demo is watched live: what happened is to be seen within a second.
      OTEL_BSP_SCHEDULE_DELAY: '500',
      OTEL_BLRP_SCHEDULE_DELAY: '500',
      OTEL_METRIC_EXPORT_INTERVAL: '1000',
      OTEL_METRIC_EXPORT_TIMEOUT: '1000',
    },
  });
  const [, backendPort] = await ready(backend, /^listening on (\d+)$/m);
  return { uiUrl, backendUrl: `http://127.0.0.1:${backendPort}`, telemetry: createHttpBackend(uiUrl) };
}

export function startLoad(children: Children, backendUrl: string, rate: number, durationSeconds: number): Child {
  const options = [`--url=${backendUrl}`, `--rate=${rate}`, `--duration=${durationSeconds}`];
  return children.start('the load', ['examples/backend/dist/load/main.js', ...options], { endsByItself: true });
}

async function ready(child: Child, line: RegExp): Promise<RegExpExecArray> {
  const match = await poll(READY_TIMEOUT_MS, () => Promise.resolve(line.exec(child.output()) ?? undefined));
  if (match) return match;
  throw new DemoError(
    'NOT_READY',
    `${child.name} was not ready within ${READY_TIMEOUT_MS / 1000} s. Its output:\n${child.lastWords()}`,
  );
}
