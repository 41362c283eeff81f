import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { ExportResultCode, suppressTracing, type ExportResult } from '@opentelemetry/core';
import {
  JsonLogsSerializer,
  JsonTraceSerializer,
  LogsExporterMetricsHelper,
  MetricsExporterMetricsHelper,
  ProtobufLogsSerializer,
  ProtobufTraceSerializer,
  TraceExporterMetricsHelper,
} from '@opentelemetry/otlp-transformer';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { Settings } from '../config/read.ts';
import { createOtlpExporter, type OtlpCodec } from '../export/otlp-exporter.ts';
import { otlpTarget, type Signal } from '../export/otlp-target.ts';
import { jsonWithExemplars, protobufWithExemplars } from '../metrics/serializers.ts';
import { redact, redactUrl } from '../report/redact.ts';
import { makeLog, makeMetrics, makeSpan, PROBE_METRIC } from './probe-records.ts';

/** Longest wait for one answer, milliseconds. */
const limitMs = 5000;

/** What became of one record that was sent as a test. */
export interface ProbeResult {
  readonly signal: Signal;
  readonly protocol: string;
  /** Without user, password and query. */
  readonly url: string;
  /** Why it was not accepted; absent when it was. */
  readonly error?: string;
}

/** A test of the endpoints, by one span, one log record of that span and one metric. */
export interface Probe {
  readonly traceId: string;
  readonly metricName: string;
  /** One entry for each signal that goes to an OTLP endpoint. */
  readonly results: readonly ProbeResult[];
}

const tracesCodec: OtlpCodec<ReadableSpan[], unknown> = {
  protobuf: () => ProtobufTraceSerializer,
  json: () => JsonTraceSerializer,
  helper: () => TraceExporterMetricsHelper,
  grpcService: 'opentelemetry.proto.collector.trace.v1.TraceService',
};
const metricsCodec: OtlpCodec<ResourceMetrics, unknown> = {
  protobuf: () => protobufWithExemplars,
  json: () => jsonWithExemplars,
  helper: () => MetricsExporterMetricsHelper,
  grpcService: 'opentelemetry.proto.collector.metrics.v1.MetricsService',
};
const logsCodec: OtlpCodec<ReadableLogRecord[], unknown> = {
  protobuf: () => ProtobufLogsSerializer,
  json: () => JsonLogsSerializer,
  helper: () => LogsExporterMetricsHelper,
  grpcService: 'opentelemetry.proto.collector.logs.v1.LogsService',
};

/** Sends one record of each signal that the settings send to an OTLP endpoint, as the preload would. Registers nothing; never rejects. */
export async function sendProbe(settings: Settings): Promise<Probe> {
  const span = makeSpan();
  const results = await Promise.all([
    send('traces', settings, tracesCodec, [span]),
    send('metrics', settings, metricsCodec, await makeMetrics(span)),
    send('logs', settings, logsCodec, [makeLog(span)]),
  ]);
  return {
    traceId: span.spanContext().traceId,
    metricName: PROBE_METRIC,
    results: results.filter((result) => result !== undefined),
  };
}

async function send<Items>(
  signal: Signal,
  settings: Settings,
  codec: OtlpCodec<Items, unknown>,
  items: Items,
): Promise<ProbeResult | undefined> {
  const exporters: readonly string[] = settings[signal].exporters;
  if (!exporters.includes('otlp')) return undefined;
  const problems: string[] = [];
  const say = (line: string) => void problems.push(line);
  const target = otlpTarget(signal, settings, { say, sayOnce: (_key, line) => say(line) });
  const about = { signal, protocol: target.protocol, url: redactUrl(target.url) };
  const reachability = { failed: say, succeeded: () => undefined, isAway: () => false };
  const error = await tryOnce(() => {
    const exporter = createOtlpExporter(target, codec, reachability);
    exporter.setHurried(true);
    return exporter;
  }, items);
  if (error === undefined && problems.length === 0) return about;
  return { ...about, error: redact([...new Set(problems)].join('; ') || (error ?? '')) };
}

/** The reason of a failure. Keeps the process alive meanwhile: the exporters' sockets do not. */
async function tryOnce<Items>(
  create: () => { export(items: Items, done: (result: ExportResult) => void): void },
  items: Items,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(`no answer within ${limitMs / 1000} s`), limitMs);
    const finish = (reason: string | undefined) => {
      clearTimeout(timer);
      resolve(reason);
    };
    try {
      context.with(suppressTracing(ROOT_CONTEXT), () =>
        create().export(items, ({ code, error }) =>
          finish(code === ExportResultCode.SUCCESS ? undefined : (error?.message ?? 'refused')),
        ),
      );
    } catch (error) {
      finish((error as Error).message);
    }
  });
}
