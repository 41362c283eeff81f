import { connect } from 'node:net';
import type { Settings } from '../config/read.ts';
import { otlpTarget, type Signal } from '../export/otlp-target.ts';
import { redactUrl } from './redact.ts';

/** Longest wait for an endpoint to take a connection, milliseconds. */
const limitMs = 1000;
const silent = { say: () => undefined, sayOnce: () => undefined };

/** Where telemetry is sent. */
export interface Endpoint {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly protocol: string;
  readonly signals: readonly Signal[];
}

/** The OTLP endpoints of the settings; signals that share one are one entry. */
export function otlpEndpoints(settings: Settings): Endpoint[] {
  const found = new Map<string, Endpoint>();
  for (const signal of ['traces', 'metrics', 'logs'] as const) {
    const exporters: readonly string[] = settings[signal].exporters;
    if (!exporters.includes('otlp')) continue;
    const { url, protocol } = otlpTarget(signal, settings, silent);
    const origin = URL.parse(url)?.origin ?? redactUrl(url);
    const key = `${protocol} ${origin}`;
    found.set(key, { origin, protocol, signals: [...(found.get(key)?.signals ?? []), signal] });
  }
  return [...found.values()];
}

/** Whether something takes connections there. Does not keep the process alive, and never rejects. */
export function answers({ origin }: Endpoint): Promise<boolean> {
  const url = URL.parse(origin);
  if (!url) return Promise.resolve(false);
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  return new Promise((resolve) => {
    const socket = connect({ host: url.hostname.replace(/^\[|\]$/g, ''), port, timeout: limitMs });
    socket.unref();
    const finish = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket
      .once('connect', () => finish(true))
      .once('error', () => finish(false))
      .once('timeout', () => finish(false));
  });
}
