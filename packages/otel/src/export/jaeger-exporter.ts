import type * as Jaeger from '@opentelemetry/exporter-jaeger';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { Settings } from '../config/read.ts';
import type { Reporter } from '../report/reporter.ts';
import type { BatchExporter } from './batch-queue.ts';

/**
 * The deprecated exporter for collectors that speak nothing but thrift. Its package is not installed with this one:
 * it is large, and Jaeger has taken OTLP since 1.35. Without it one line says what to do.
 */
export function createJaegerExporter(
  { endpoint, agentHost, agentPort, user, password }: Settings['jaeger'],
  reporter: Reporter,
): BatchExporter<ReadableSpan> | undefined {
  const loaded = load(reporter);
  if (loaded === undefined) return undefined;
  reporter.say(
    'OTEL_TRACES_EXPORTER=jaeger speaks a protocol that is no longer maintained: Jaeger takes OTLP (OTEL_TRACES_EXPORTER=otlp, port 4318)',
  );
  const jaeger = new loaded.JaegerExporter({
    host: agentHost,
    port: agentPort,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password }),
  });
  return {
    export(spans, done) {
      jaeger.export(spans, done);
    },
    // Every export is flushed; its own way to shut down keeps the process alive for two seconds.
    shutdown: async () => undefined,
  };
}

function load(reporter: Reporter): typeof Jaeger | undefined {
  try {
    return require('@opentelemetry/exporter-jaeger') as typeof Jaeger;
  } catch (error) {
    reporter.say(
      `OTEL_TRACES_EXPORTER=jaeger needs the package @opentelemetry/exporter-jaeger (npm install @opentelemetry/exporter-jaeger), or use otlp, which Jaeger takes as well (${(error as Error).message.split('\n', 1)[0]})`,
    );
    return undefined;
  }
}
