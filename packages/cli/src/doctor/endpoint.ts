import { setTimeout as delay } from 'node:timers/promises';
import type { Probe, ProbeResult } from '@crmbet/otel/sdk';
import type { TelemetryBackend } from '@crmbet/telemetry';
import { probeServer } from '../backend.ts';
import { withoutUndefined } from '../options/query-options.ts';
import type { Check } from './check.ts';

/** Longest wait for what was sent to be stored, and the time between two looks, milliseconds. */
const readLimitMs = 5000;
const readPauseMs = 100;

/** One check for each signal that was sent somewhere. */
export function checksOfProbe({ results }: Probe): Check[] {
  if (results.length === 0) {
    return [
      {
        name: 'endpoint',
        state: 'warning',
        what: 'the settings send nothing to an OTLP endpoint',
        advice: 'set OTEL_TRACES_EXPORTER, OTEL_METRICS_EXPORTER and OTEL_LOGS_EXPORTER to otlp, or remove them',
      },
    ];
  }
  return results.map(({ signal, url, protocol, error }) =>
    error === undefined
      ? { name: signal, state: 'ok', what: `${url} (${protocol}) accepted a test` }
      : {
          name: signal,
          state: 'error',
          what: `${url} (${protocol}) accepts nothing: ${error}`,
          advice: adviceFor(error),
        },
  );
}

function adviceFor(error: string): string {
  if (/\b40[13]\b|unauthenticated|permission/i.test(error)) {
    return 'put what the receiver asks for into OTEL_EXPORTER_OTLP_HEADERS';
  }
  if (/\b40[45]\b/.test(error)) {
    return 'OTEL_EXPORTER_OTLP_ENDPOINT is the base URL without /v1/traces; check its path, and OTEL_EXPORTER_OTLP_PROTOCOL';
  }
  return 'start a receiver there (`crmbet-otel up`), or set OTEL_EXPORTER_OTLP_ENDPOINT to where one is';
}

/** Whether what was accepted can be read where it was sent, when that is the `up` at `url`. */
export async function checksOfReading(probe: Probe, url: string, token: string | undefined): Promise<Check[]> {
  const accepted = probe.results.filter(({ error }) => error === undefined);
  const server = accepted.length === 0 ? undefined : await probeServer(url, token);
  const ours = accepted.filter((result) => server && isAt(result, [server.endpoints.http, server.endpoints.grpc]));
  if (ours.length === 0) return [];
  const { createHttpBackend } = await import('@crmbet/telemetry');
  const backend = createHttpBackend(url, withoutUndefined({ token }));
  try {
    return await Promise.all(ours.map(({ signal }) => checkReading(signal, probe, backend)));
  } finally {
    await backend.close();
  }
}

function isAt({ url }: ProbeResult, endpoints: readonly string[]): boolean {
  const local = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
  const { hostname, port } = new URL(url);
  return endpoints.some((endpoint) => {
    const other = new URL(endpoint);
    return port === other.port && (hostname === other.hostname || (local.test(hostname) && local.test(other.hostname)));
  });
}

async function checkReading(signal: ProbeResult['signal'], probe: Probe, backend: TelemetryBackend): Promise<Check> {
  const deadline = Date.now() + readLimitMs;
  for (;;) {
    if (await readers[signal](probe, backend))
      return { name: signal, state: 'ok', what: 'the test was read back from `up`' };
    if (Date.now() > deadline) {
      return {
        name: signal,
        state: 'error',
        what: `the test was accepted and cannot be read from \`up\` after ${readLimitMs / 1000} s`,
        advice: 'ask `up` what is wrong: /api/v1/status of its address says what is dropped and why',
      };
    }
    await delay(readPauseMs);
  }
}

const readers: Record<ProbeResult['signal'], (probe: Probe, backend: TelemetryBackend) => Promise<boolean>> = {
  traces: async ({ traceId }, backend) => (await backend.getTrace(traceId)) !== undefined,
  logs: async ({ traceId }, backend) => (await backend.findLogs({ traceId })).length > 0,
  metrics: async ({ metricName }, backend) => (await backend.listMetrics()).some(({ name }) => name === metricName),
};
