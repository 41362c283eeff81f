import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { decodeOtlp, flattenRequest, runFixture, startOtlpServer, temporaryFolder, waitUntil } from '@crmbet/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { readThriftStruct, type ThriftStruct } from './fixtures/thrift-reader.ts';

const packageRoot = join(__dirname, '..');
const nodeArgs = ['--require', '@crmbet/otel'];
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

function runCode(code: string, env: Record<string, string>) {
  const quiet = { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' };
  return runFixture({ args: ['-e', code], cwd: packageRoot, nodeArgs, env: { ...quiet, ...env } });
}

const twoSpans = `const tracer = require('@opentelemetry/api').trace.getTracer('t');
  tracer.startActiveSpan('outer', (outer) => { tracer.startSpan('inner').end(); outer.end(); });`;
const oneRecord = `require('@opentelemetry/api').logs.getLogger('l').emit({ body: 'kept', severityNumber: 9 });`;

function linesOf(path: string): string[] {
  return readFileSync(path, 'utf8').trimEnd().split('\n');
}

describe('file', () => {
  it.each([
    ['at the end', ''],
    ['at process.exit()', 'process.exit(3);'],
  ])('has spans and log records as OTLP JSON lines %s', async (_name, end) => {
    const folder = temporaryFolder();
    const app = await runCode(`${twoSpans} ${oneRecord} ${end}`, {
      OTEL_TRACES_EXPORTER: 'file',
      OTEL_LOGS_EXPORTER: 'file',
      CRMBET_OTEL_FILE_PATH: join(folder, 'deep', '{signal}-{pid}.jsonl'),
    });
    expect((await app.exited).code).toBe(end === '' ? 0 : 3);
    const read = (signal: 'traces' | 'logs') =>
      linesOf(join(folder, 'deep', `${signal}-${app.pid}.jsonl`)).map((line) =>
        flattenRequest(decodeOtlp(signal, 'json', Buffer.from(line))),
      );
    const spans = read('traces').flatMap((batch) => batch.spans);
    expect(spans.map(({ name }) => name).toSorted()).toEqual(['inner', 'outer']);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(read('logs').flatMap((batch) => batch.logs)).toMatchObject([{ body: 'kept' }]);
    expect(app.stderr).toBe('');
  });

  it('is bounded: one file before the last, none above its size, every line whole', async () => {
    const folder = temporaryFolder();
    const app = await runCode(
      `const tracer = require('@opentelemetry/api').trace.getTracer('t');
       for (let index = 0; index < 200; index += 1) tracer.startSpan('span ' + index).end();`,
      {
        OTEL_TRACES_EXPORTER: 'file',
        CRMBET_OTEL_FILE_PATH: join(folder, 'spans'),
        CRMBET_OTEL_FILE_MAX_SIZE: '20000',
        OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '10',
      },
    );
    await app.exited;
    expect(readdirSync(folder).toSorted()).toEqual(['spans', 'spans.1']);
    for (const name of ['spans', 'spans.1']) {
      expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(20_000);
      for (const line of linesOf(join(folder, name))) expect(() => JSON.parse(line) as unknown).not.toThrow();
    }
    expect(readFileSync(join(folder, 'spans'), 'utf8')).toContain('span 199');
  });

  it('that cannot be written is one line, and the application runs', async () => {
    const folder = temporaryFolder();
    const app = await runCode(`${twoSpans} console.log('ran');`, {
      OTEL_TRACES_EXPORTER: 'file',
      CRMBET_OTEL_FILE_PATH: folder,
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '1',
    });
    expect((await app.exited).code).toBe(0);
    expect(app.stdout).toBe('ran\n');
    expect(app.stderr).toMatch(/^crmbet-otel: traces cannot be written to .* \(E.*\): they are dropped\n$/);
  });

  it('stands beside otlp', async () => {
    const [folder, otlp] = [temporaryFolder(), await startOtlpServer()];
    const app = await runCode(twoSpans, {
      OTEL_TRACES_EXPORTER: 'otlp,file',
      OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
      CRMBET_OTEL_FILE_PATH: join(folder, '{signal}'),
    });
    await app.exited;
    expect(otlp.spans()).toHaveLength(2);
    expect(existsSync(join(folder, 'traces'))).toBe(true);
  });
});

describe('console', () => {
  it('prints spans, metrics and log records', async () => {
    const app = await runCode(`${twoSpans} ${oneRecord}`, {
      OTEL_TRACES_EXPORTER: 'console',
      OTEL_LOGS_EXPORTER: 'console',
    });
    await app.exited;
    expect(app.stdout).toContain("name: 'inner'");
    expect(app.stdout).toContain("body: 'kept'");
  });
});

describe('a declarative configuration file', () => {
  it('is what the preload goes by, and variables are not', async () => {
    const [folder, otlp] = [temporaryFolder(), await startOtlpServer()];
    const config = join(folder, 'otel.yaml');
    writeFileSync(
      config,
      `file_format: "1.0"
resource: { attributes: [{ name: service.name, value: from-file }] }
tracer_provider: { processors: [{ batch: { exporter: { otlp_http: { endpoint: "\${TARGET}/v1/traces" } } } }] }`,
    );
    const app = await runCode(twoSpans, {
      OTEL_CONFIG_FILE: config,
      OTEL_SERVICE_NAME: 'from-variable',
      TARGET: otlp.url,
    });
    expect((await app.exited).code).toBe(0);
    expect(otlp.spans().map(({ serviceName }) => serviceName)).toEqual(['from-file', 'from-file']);
    expect(app.stderr).toBe('');
  });
});

describe('jaeger', () => {
  interface Posted {
    type: string | undefined;
    authorization: string | undefined;
    batch: ThriftStruct;
  }

  async function startCollector(status: number) {
    const posted: Posted[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { 'content-type': type, authorization } = request.headers;
        posted.push({ type, authorization, batch: readThriftStruct(Buffer.concat(chunks)) });
        response.writeHead(status).end();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => {
      server.close();
      server.closeAllConnections();
    });
    return { posted, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/traces` };
  }

  const hex = (value: unknown) =>
    BigInt.asUintN(64, value as bigint)
      .toString(16)
      .padStart(16, '0');

  it('posts thrift that has name, IDs and service of each span, once, and names OTLP', async () => {
    const collector = await startCollector(202);
    const app = await runCode(
      `${twoSpans} const span = tracer.startSpan('last'); console.log(span.spanContext().traceId); span.end();`,
      {
        OTEL_TRACES_EXPORTER: 'jaeger',
        OTEL_SERVICE_NAME: 'old-shop',
        OTEL_EXPORTER_JAEGER_ENDPOINT: collector.url,
        OTEL_EXPORTER_JAEGER_USER: 'user',
        OTEL_EXPORTER_JAEGER_PASSWORD: 'secret',
      },
    );
    expect((await app.exited).code).toBe(0);
    const spans = collector.posted.flatMap(({ batch }) => batch.get(2) as ThriftStruct[]);
    expect(spans.map((span) => span.get(5))).toEqual(['inner', 'outer', 'last']);
    expect(hex(spans[2]?.get(2)) + hex(spans[2]?.get(1))).toBe(app.stdout.trim());
    expect(spans[0]?.get(1)).toBe(spans[1]?.get(1));
    expect(collector.posted[0]?.batch.get(1)).toEqual(
      new Map<number, unknown>([
        [1, 'old-shop'],
        [2, []],
      ]),
    );
    expect(collector.posted[0]).toMatchObject({
      type: 'application/x-thrift',
      authorization: `Basic ${Buffer.from('user:secret').toString('base64')}`,
    });
    expect(app.stderr).toMatch(/^crmbet-otel: .*jaeger.*OTLP.*\n$/);
    expect(app.stderr).not.toContain('secret');
  });

  it('that is refused is said and counted, and the process ends as ever', async () => {
    const [collector, otlp] = [await startCollector(500), await startOtlpServer()];
    const app = await runFixture({
      args: [
        '-e',
        `${twoSpans} const timer = setInterval(() => undefined, 1000); process.on('SIGUSR2', () => clearInterval(timer)); console.log('ready 1');`,
      ],
      cwd: packageRoot,
      nodeArgs,
      readyPattern: /ready (\d)/,
      env: {
        OTEL_TRACES_EXPORTER: 'jaeger',
        OTEL_LOGS_EXPORTER: 'none',
        OTEL_EXPORTER_JAEGER_ENDPOINT: collector.url,
        OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
        OTEL_BSP_SCHEDULE_DELAY: '10',
        OTEL_METRIC_EXPORT_INTERVAL: '100',
      },
    });
    const dropped = await otlp.waitFor((server) =>
      server.metrics().find(({ name }) => name === 'otel.sdk.processor.span.processed'),
    );
    expect(dropped).toMatchObject({ value: 2, attributes: { 'error.type': 'export_failed' } });
    await waitUntil(() => app.stderr.includes('HTTP 500'));
    app.kill('SIGUSR2');
    expect((await app.exited).code).toBe(0);
  });
});
