import { readFileSync } from 'node:fs';
import type { Settings } from '../config/read.ts';
import type { Reporter } from '../report/reporter.ts';

/** One of the three kinds of telemetry. */
export type Signal = 'traces' | 'metrics' | 'logs';

/** Certificates for TLS, PEM. */
export interface TlsFiles {
  ca?: Buffer;
  key?: Buffer;
  cert?: Buffer;
}

/** Where and how one signal is exported over OTLP. */
export interface OtlpTarget {
  signal: Signal;
  protocol: Settings['otlp']['protocol'];
  /** Whole URL for HTTP; base URL for gRPC. */
  url: string;
  headers: Readonly<Record<string, string>>;
  compression: 'none' | 'gzip';
  /** Milliseconds of one export with its retries. */
  timeoutMs: number;
  tls: TlsFiles;
}

const groups = { traces: 'otlpTraces', metrics: 'otlpMetrics', logs: 'otlpLogs' } as const;

/** The target of `signal`: its own settings before the shared ones ("OpenTelemetry Protocol Exporter"). */
export function otlpTarget(signal: Signal, settings: Settings, reporter: Reporter): OtlpTarget {
  const shared = settings.otlp;
  const own = settings[groups[signal]];
  const protocol = own.protocol ?? shared.protocol;
  const insecure = own.insecure ?? shared.insecure;
  const url =
    protocol === 'grpc'
      ? grpcUrl(own.endpoint ?? shared.endpoint, insecure)
      : httpUrl(signal, own.endpoint, shared.endpoint);
  return {
    signal,
    protocol,
    url,
    headers: { ...shared.headers, ...own.headers },
    compression: own.compression ?? shared.compression,
    timeoutMs: own.timeoutMs ?? shared.timeoutMs,
    tls: {
      ...readPem('ca', own.certificate ?? shared.certificate, reporter),
      ...readPem('key', own.clientKey ?? shared.clientKey, reporter),
      ...readPem('cert', own.clientCertificate ?? shared.clientCertificate, reporter),
    },
  };
}

/** `127.0.0.1` and not `localhost`: the name may mean `::1` first, where nothing listens. */
function httpUrl(signal: Signal, own: string | undefined, base: string | undefined): string {
  if (own) return withScheme(own, false);
  const root = withScheme(base ?? 'http://127.0.0.1:4318', false);
  return `${root.replace(/\/+$/, '')}/v1/${signal}`;
}

function grpcUrl(endpoint: string | undefined, insecure: boolean): string {
  return withScheme(endpoint ?? 'http://127.0.0.1:4317', !insecure);
}

function withScheme(endpoint: string, secure: boolean): string {
  return /^https?:\/\//.test(endpoint) ? endpoint : `${secure ? 'https' : 'http'}://${endpoint}`;
}

function readPem(key: keyof TlsFiles, path: string | undefined, reporter: Reporter): TlsFiles {
  if (!path) return {};
  try {
    return { [key]: readFileSync(path) };
  } catch (error) {
    reporter.say(`cannot read the certificate file ${path} (${(error as Error).message}); connecting without it`);
    return {};
  }
}
