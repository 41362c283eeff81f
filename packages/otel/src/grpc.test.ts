import { join } from 'node:path';
import { Server, ServerCredentials, type Metadata } from '@grpc/grpc-js';
import { runFixture } from '@crmbet/testkit';
import { expect, it, onTestFinished } from 'vitest';

const packageRoot = join(__dirname, '..');
const record = `require('@opentelemetry/api').trace.getTracer('t').startSpan('over grpc').end();`;

interface Call {
  request: Buffer;
  metadata: Metadata;
}

/** Takes the raw messages of the three OTLP services. */
async function startGrpcServer() {
  const calls = new Map<string, Call[]>();
  const server = new Server();
  for (const [signal, service] of [
    ['trace', 'TraceService'],
    ['metrics', 'MetricsService'],
    ['logs', 'LogsService'],
  ] as const) {
    const path = `/opentelemetry.proto.collector.${signal}.v1.${service}/Export`;
    const raw = (value: Buffer) => value;
    server.addService(
      {
        Export: {
          path,
          requestStream: false,
          responseStream: false,
          requestSerialize: raw,
          requestDeserialize: raw,
          responseSerialize: raw,
          responseDeserialize: raw,
        },
      },
      {
        Export(call: Call, answer: (error: null, value: Buffer) => void) {
          calls.set(signal, [...(calls.get(signal) ?? []), call]);
          answer(null, Buffer.alloc(0));
        },
      },
    );
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  onTestFinished(() => server.forceShutdown());
  return { calls, port };
}

it('exports over gRPC with its metadata, and the process ends', async () => {
  const { calls, port } = await startGrpcServer();
  const app = await runFixture({
    args: ['-e', record],
    cwd: packageRoot,
    nodeArgs: ['--require', '@crmbet/otel'],
    env: {
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_HEADERS: 'X-Team=crm',
    },
  });
  expect(await app.exited).toEqual({ code: 0, signal: null });
  expect(app.stderr).toBe('');
  const [trace] = calls.get('trace') ?? [];
  expect(trace?.request.toString('latin1')).toContain('over grpc');
  expect(trace?.metadata.get('x-team')).toEqual(['crm']);
  expect(calls.get('metrics')?.[0]?.request.toString('latin1')).toContain('nodejs_eventloop_lag_seconds');
});

it('says in one line that nothing listens, and the process ends in bounded time', async () => {
  const app = await runFixture({
    args: ['-e', record],
    cwd: packageRoot,
    nodeArgs: ['--require', '@crmbet/otel'],
    env: { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' },
    timeoutMs: 15_000,
  });
  expect(await app.exited).toEqual({ code: 0, signal: null });
  expect(app.stderr.trim().split('\n')).toEqual([
    expect.stringMatching(/cannot be delivered to http:\/\/127\.0\.0\.1:1 /),
  ]);
});
