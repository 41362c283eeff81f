import { ExportResultCode } from '@opentelemetry/core';
import {
  createEmptyMetadata,
  createInsecureCredentials,
  createOtlpGrpcExportDelegate,
  createSslCredentials,
} from '@opentelemetry/otlp-grpc-exporter-base';
import { OtelError } from '../errors.ts';
import type { OtlpCodec, OtlpExporter } from './otlp-exporter.ts';
import type { OtlpTarget } from './otlp-target.ts';
import type { Reachability } from './reachability.ts';

/** OTLP over gRPC, from the SDK's own packages. */
export function createGrpcExporter<Items, Answer>(
  target: OtlpTarget,
  codec: OtlpCodec<Items, Answer>,
  reachability: Reachability,
): OtlpExporter<Items> {
  const url = new URL(target.url);
  const { ca, key, cert } = target.tls;
  const delegate = createOtlpGrpcExportDelegate(
    {
      url: url.host,
      timeoutMillis: target.timeoutMs,
      concurrencyLimit: 4,
      compression: target.compression,
      credentials: url.protocol === 'https:' ? () => createSslCredentials(ca, key, cert) : createInsecureCredentials,
      metadata() {
        const metadata = createEmptyMetadata();
        for (const [name, value] of Object.entries(target.headers)) metadata.set(name.toLowerCase(), value);
        return metadata;
      },
    },
    codec.protobuf(),
    `otlp_grpc_${target.signal}_exporter`,
    codec.helper(),
    undefined,
    codec.grpcService.slice(codec.grpcService.lastIndexOf('.') + 1),
    `/${codec.grpcService}/Export`,
  );
  return {
    export(items, done) {
      delegate.export(items, ({ error }) => {
        if (error === undefined) {
          reachability.succeeded();
          return done({ code: ExportResultCode.SUCCESS });
        }
        reachability.failed(error.message);
        const reported = new OtelError('NOT_DELIVERED', error.message, { cause: error });
        done({ code: ExportResultCode.FAILED, error: reported });
      });
    },
    shutdown: () => delegate.shutdown(),
    // A gRPC call ends at its deadline and is not tried again by us, and its frames cannot be made without the library.
    setHurried: () => undefined,
    pendingRequests: () => [],
  };
}
