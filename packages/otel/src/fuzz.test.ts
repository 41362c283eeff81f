import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { defaultTextMapGetter, defaultTextMapSetter, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { isValidCorrelationId, getCorrelationId } from '@crmbet/correlation';
import { runFixture } from '@crmbet/testkit';
import {
  JsonTraceSerializer,
  ProtobufTraceSerializer,
  TraceExporterMetricsHelper,
} from '@opentelemetry/otlp-transformer';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { afterEach, describe, expect, it } from 'vitest';
import { createOtlpExporter } from './export/otlp-exporter.ts';
import { createReachability } from './export/reachability.ts';
import { Random } from './fixtures/random.ts';
import { withoutValues } from './privacy/query-text.ts';
import { UrlRedactor } from './privacy/url.ts';
import { createPropagator } from './sdk/propagators.ts';

const valid = {
  traceparent: '00-aaaabbbbccccddddaaaabbbbccccdddd-00f067aa0ba902b7-01',
  tracestate: 'vendor=value,other@one=2',
  baggage: 'tenant=7,correlation.id=abc;meta=1,name=a%20b',
  'x-correlation-id': 'order-4711',
  'x-request-id': '0b0f3c8e-6f0d-4b7e-8e0c-0d8f5a1c2b3a',
};

function mutatedCarrier(random: Random): Record<string, string | string[]> {
  const entries = Object.entries(valid).map(([name, value]) => {
    const mutated = random.mutate(value);
    return [name, random.below(10) === 0 ? [mutated, random.mutate(value)] : mutated] as const;
  });
  return Object.fromEntries(entries);
}

describe('headers that carry context, mutated', () => {
  it('never throw, and what is taken from them and sent on is valid and bounded', () => {
    const propagator = createPropagator(['tracecontext', 'baggage']);
    const problems: string[] = [];
    for (let seed = 1; seed <= 3000; seed += 1) {
      const carrier = mutatedCarrier(new Random(seed));
      const context = propagator.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter);
      const sent: Record<string, string> = {};
      propagator.inject(context, sent, defaultTextMapSetter);
      const parent = trace.getSpanContext(context);
      const isGood =
        isValidCorrelationId(getCorrelationId(context)) &&
        (parent === undefined || /^[\da-f]{32} [\da-f]{16}$/.test(`${parent.traceId} ${parent.spanId}`)) &&
        (propagation.getBaggage(context)?.getAllEntries().length ?? 0) <= 180 &&
        (sent['baggage'] ?? '').length <= 8192 &&
        // What goes out has to be a header that Node.js sends.
        Object.values(sent).every((value) => /^[\t\x20-\x7e]*$/.test(value));
      if (!isGood) problems.push(`seed ${seed}: ${JSON.stringify({ carrier, sent })}`);
    }
    expect(problems.slice(0, 3)).toEqual([]);
  });
});

describe('URLs and statements, mutated', () => {
  it('never throw, and the secret in its place is taken out', () => {
    const redactor = new UrlRedactor([]);
    for (let seed = 1; seed <= 3000; seed += 1) {
      const random = new Random(seed);
      const noise = random.mutate('/a/b?x=1&y=2;z[]=3').replace(/[?#&;]/g, '');
      expect(
        redactor.url(`http://u:s3cret@h${noise.startsWith('/') ? '' : '/'}${noise}?token=s3cret&${noise}`),
        `seed ${seed}`,
      ).not.toContain('s3cret');
      const clean = withoutValues(
        random.mutate(`SELECT a, "b" FROM t WHERE c = 'x' AND d IN (1, $1) -- e`),
        random.pick(['postgresql', 'mysql']),
      );
      expect(typeof clean).toBe('string');
    }
  });
});

describe('what an endpoint answers, mutated', () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  async function listen(answer: (socket: Socket) => void): Promise<number> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined));
      socket.on('data', () => answer(socket));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return (server.address() as AddressInfo).port;
  }

  it.each(['http/protobuf', 'http/json'] as const)(
    'ends every export once, %s',
    async (protocol) => {
      let seed = 0;
      const port = await listen((socket) => {
        const random = new Random(seed);
        const body =
          random.below(2) === 0
            ? random.bytes(random.below(400))
            : random.mutate('{"partialSuccess":{"rejectedSpans":"1"}}');
        const status = random.pick([
          '200 OK',
          '200 OK',
          '400 Bad',
          '429 Many',
          '503 Away',
          '307 There',
          '999 What',
          'x',
        ]);
        const head = `HTTP/1.1 ${status}\r\ncontent-type: application/x-protobuf\r\nretry-after: ${random.pick(['0', '-1', '1e400', 'soon', '99999999999'])}\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: ${random.pick([String(Buffer.byteLength(body)), '1', '-5', '99'])}\r\n\r\n`;
        socket.write(
          Buffer.concat([Buffer.from(random.below(4) === 0 ? random.mutate(head) : head, 'latin1'), Buffer.from(body)]),
        );
        if (random.below(2) === 0) socket.end();
      });
      const url = `http://127.0.0.1:${port}/v1/traces`;
      const reporter = { say: () => undefined, sayOnce: () => undefined };
      const exporter = createOtlpExporter<ReadableSpan[], unknown>(
        { signal: 'traces', protocol, url, headers: {}, compression: 'none', timeoutMs: 100, tls: {} },
        {
          protobuf: () => ProtobufTraceSerializer,
          json: () => JsonTraceSerializer,
          helper: () => TraceExporterMetricsHelper,
          grpcService: 'unused',
        },
        createReachability(url, reporter),
      );
      for (seed = 1; seed <= 150; seed += 1) {
        const codes: number[] = [];
        await new Promise<void>((resolve) => {
          exporter.export([], ({ code }) => {
            codes.push(code);
            resolve();
          });
        });
        expect(codes, `seed ${seed}`).toHaveLength(1);
      }
      await exporter.shutdown();
    },
    60_000,
  );
});

describe('requests, mutated', () => {
  const packageRoot = join(__dirname, '..');

  /** Everything that a server answers to `bytes` until it closes the connection. */
  function ask(port: number, bytes: Buffer): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1');
      let answer = '';
      socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
      socket.on('error', () => undefined).on('close', () => resolve(answer));
      socket.end(bytes);
    });
  }

  /** Without what the preload adds and what is of the moment. */
  function comparable(answer: string): string {
    return answer.replace(/^(?:X-Correlation-ID|Date): .*\r\n/gim, '').replaceAll(/127\.0\.0\.1:\d+/g, 'HOST');
  }

  it('are answered as without the preload', async () => {
    const start = (nodeArgs: string[]) =>
      runFixture({
        file: 'src/fixtures/plain-http.cjs',
        cwd: packageRoot,
        nodeArgs,
        env: {
          OTEL_TRACES_EXPORTER: 'otlp',
          OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
          OTEL_METRICS_EXPORTER: 'none',
        },
        readyPattern: /listening on (\d+)/,
      });
    const [plain, traced] = await Promise.all([start([]), start(['--require', '@crmbet/otel'])]);
    for (let seed = 1; seed <= 300; seed += 1) {
      const random = new Random(seed);
      const lines = Object.entries(valid).map(
        ([name, value]) => `${name}: ${random.mutate(value).replace(/[\r\n]/g, '')}`,
      );
      const many = random.below(10) === 0 ? Array.from({ length: 500 }, (_, index) => `x-${index}: ${index}`) : [];
      const line = `${random.pick(['GET', 'POST', 'BREW', 'HEAD'])} /${random.mutate('a/b?c=%20').replace(/[\r\n ]/g, '')} HTTP/1.1`;
      const host = random.pick([
        'host: h',
        'host: [::1',
        'host: a@b:99999',
        'x-forwarded-for: ,,,unknown',
        'forwarded: for="[',
        'host:',
      ]);
      const text = [line, host, ...lines, ...many, 'connection: close', '', ''].join('\r\n');
      const bytes = Buffer.from(random.below(8) === 0 ? random.mutate(text) : text, 'latin1');
      const [expected, actual] = await Promise.all([ask(plain.port, bytes), ask(traced.port, bytes)]);
      expect(comparable(actual), `seed ${seed}`).toBe(comparable(expected));
    }
  }, 60_000);
});
