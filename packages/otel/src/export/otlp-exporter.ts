import { metrics } from '@opentelemetry/api';
import type { ExportResult } from '@opentelemetry/core';
import { createOtlpNetworkExportDelegate, ExporterMetrics } from '@opentelemetry/otlp-exporter-base';
import type { ISerializer, IExporterMetricsHelper } from '@opentelemetry/otlp-transformer';
import type * as GrpcExporter from './grpc-exporter.ts';
import { createHttpTransport, exportHeaders } from './http-transport.ts';
import type { OtlpTarget } from './otlp-target.ts';
import type { Reachability } from './reachability.ts';

/** Exports that may be on their way at once. */
const concurrencyLimit = 4;

/** A request that still has to be sent when the process ends. */
export interface PendingRequest {
  url: string;
  headers: Record<string, string>;
  body: Uint8Array;
  compression: 'none' | 'gzip';
  tls: OtlpTarget['tls'];
}

/** An OTLP exporter of one signal. `Items` is what the SDK hands over. */
export interface OtlpExporter<Items> {
  export(items: Items, done: (result: ExportResult) => void): void;
  shutdown(): Promise<void>;
  /** `true`: the process is about to end, try once and don't wait. */
  setHurried(hurried: boolean): void;
  /** What is on its way and has not left, and what {@link export} would send for `items`: requests that anybody can send. */
  pendingRequests(items: Items | undefined): PendingRequest[];
}

/** The parts of OTLP that differ from signal to signal. */
export interface OtlpCodec<Items, Answer> {
  protobuf(): ISerializer<Items, Answer>;
  json(): ISerializer<Items, Answer>;
  helper(): IExporterMetricsHelper<Items>;
  /** Full name of the gRPC service (`opentelemetry.proto.collector.trace.v1.TraceService`). */
  grpcService: string;
}

/** The exporter for `target`; what only one protocol needs is loaded when it is chosen. */
export function createOtlpExporter<Items, Answer>(
  target: OtlpTarget,
  codec: OtlpCodec<Items, Answer>,
  reachability: Reachability,
): OtlpExporter<Items> {
  if (target.protocol === 'grpc') {
    const { createGrpcExporter } = require('./grpc-exporter.js') as typeof GrpcExporter;
    return createGrpcExporter(target, codec, reachability);
  }
  return createHttpExporter(target, codec, reachability);
}

function createHttpExporter<Items, Answer>(
  target: OtlpTarget,
  codec: OtlpCodec<Items, Answer>,
  reachability: Reachability,
): OtlpExporter<Items> {
  const serializer = target.protocol === 'http/json' ? codec.json() : codec.protobuf();
  const transport = createHttpTransport(target, reachability);
  const delegate = createOtlpNetworkExportDelegate(
    { timeoutMillis: target.timeoutMs, concurrencyLimit, compression: target.compression },
    serializer,
    exporterMetrics(target, codec),
    transport,
  );
  return {
    export: (items, done) => delegate.export(items, done),
    shutdown: () => delegate.shutdown(),
    setHurried: (hurried) => transport.setHurried(hurried),
    pendingRequests(items) {
      const waiting = items === undefined ? undefined : serializer.serializeRequest(items);
      const bodies = [...transport.unwritten(), ...(waiting === undefined ? [] : [waiting])];
      const { url, compression, tls } = target;
      return bodies.map((body) => ({ url, headers: exportHeaders(target), body, compression, tls }));
    },
  };
}

/** `otel.sdk.exporter.*` (semantic conventions, "SDK metrics"); the meter provider is registered before the exporters are made. */
function exporterMetrics<Items, Answer>(target: OtlpTarget, codec: OtlpCodec<Items, Answer>): ExporterMetrics<Items> {
  const component = target.signal === 'traces' ? 'span' : target.signal === 'logs' ? 'log' : 'metric';
  return new ExporterMetrics({
    componentType: `otlp_http_${component}_exporter`,
    metricsHelper: codec.helper(),
    url: target.url,
    meterProvider: metrics.getMeterProvider(),
    responseAttributesFromError: () => ({}),
  });
}
