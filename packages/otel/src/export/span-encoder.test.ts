import {
  context,
  createTraceState,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Attributes,
} from '@opentelemetry/api';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { TracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { decodeOtlp } from '@crmbet/testkit';
import { describe, expect, it } from 'vitest';
import { encodeSpans } from './span-encoder.ts';

/** Without zeros: what is absent is zero. */
function decode(bytes: Uint8Array | undefined): unknown {
  const request = decodeOtlp('traces', 'protobuf', bytes ?? new Uint8Array());
  return JSON.parse(JSON.stringify(request), (_key, value: unknown) => (value === 0 ? undefined : value));
}

const ours = (spans: ReadableSpan[]) => decode(encodeSpans(spans));
const theirs = (spans: ReadableSpan[]) => decode(ProtobufTraceSerializer.serializeRequest(spans));

function collect(
  make: (tracer: ReturnType<TracerProvider['getTracer']>) => void,
  resource: Attributes = {},
): ReadableSpan[] {
  const spans: ReadableSpan[] = [];
  const provider = new TracerProvider({
    resource: resourceFromAttributes(resource),
    spanProcessors: [
      {
        onStart: () => undefined,
        onEnd: (span) => void spans.push(span),
        forceFlush: async () => undefined,
        shutdown: async () => undefined,
      },
    ],
  });
  make(provider.getTracer('scope', '1.2.3', { schemaUrl: 'https://schema.test/1' }));
  return spans;
}

const remote = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  traceFlags: TraceFlags.SAMPLED,
  isRemote: true,
  traceState: createTraceState('vendor=1,other=ü'),
};

describe('encodeSpans', () => {
  it.each<[string, Attributes]>([
    ['text', { short: 'a', empty: '', long: 'x'.repeat(127), longer: 'x'.repeat(128), longest: 'y'.repeat(70_000) }],
    ['text beyond ASCII', { umlaut: 'ä', emoji: '😀'.repeat(40), mixed: `${'a'.repeat(63)}é`, broken: '\ud800' }],
    [
      'whole numbers',
      { zero: 0, small: 1, byte: 127, more: 128, big: 2 ** 53, bigger: 2 ** 62, negative: -1, least: -(2 ** 63) },
    ],
    [
      'other numbers',
      { half: 0.5, huge: 1e300, past: 2 ** 63, not: Number.NaN, endless: Number.POSITIVE_INFINITY, minus: -0 },
    ],
    ['truth', { yes: true, no: false }],
    ['lists', { texts: ['a', 'bé'], numbers: [1, -2, 0.5], truths: [true, false], none: [] }],
  ])('says what the SDK says of %s', (_name, attributes) => {
    const spans = collect((tracer) => tracer.startSpan('span', { attributes }).end());
    expect(ours(spans)).toEqual(theirs(spans));
    // Once more, from what is kept.
    expect(ours(spans)).toEqual(theirs(spans));
  });

  it('says what the SDK says of a span with everything', () => {
    const spans = collect(
      (tracer) => {
        const parent = trace.setSpanContext(context.active(), remote);
        for (const kind of [
          SpanKind.INTERNAL,
          SpanKind.SERVER,
          SpanKind.CLIENT,
          SpanKind.PRODUCER,
          SpanKind.CONSUMER,
        ]) {
          const links = [{ context: remote, attributes: { why: 'because' } }];
          const span = tracer.startSpan(
            `span of kind ${kind}`,
            { kind, links, startTime: [1_790_000_000, 999_999_999] },
            parent,
          );
          span.addEvent('event', { n: 1 }, [1_790_000_001, 1]).recordException(new TypeError('wrong'));
          span.setStatus({ code: SpanStatusCode.ERROR, message: 'it failed' }).end([4_000_000_000, 0]);
        }
        tracer.startSpan('a root, ok').setStatus({ code: SpanStatusCode.OK }).end();
      },
      { 'service.name': 'test', 'process.pid': 7 },
    );
    expect(ours(spans)).toEqual(theirs(spans));
  });

  it('keeps resources and scopes apart', () => {
    const one = collect((tracer) => tracer.startSpan('one').end(), { 'service.name': 'one' });
    const two = collect((tracer) => tracer.startSpan('two').end(), { 'service.name': 'two' });
    const spans = [...one, ...two, ...one];
    expect(ours(spans)).toEqual(theirs(spans));
  });

  it('says what the SDK says of very many values of one attribute', () => {
    const spans = collect((tracer) => {
      for (let n = 0; n < 500; n += 1) tracer.startSpan(`span ${n}`, { attributes: { n, text: `value ${n}` } }).end();
    });
    expect(ours(spans)).toEqual(theirs(spans));
  });

  it('begins afresh after a span that could not be encoded', () => {
    const [span] = collect((tracer) => tracer.startSpan('span').end());
    if (span === undefined) throw new Error('no span');
    const broken = { ...span, spanContext: () => undefined as never };
    expect(() => encodeSpans([span, broken])).toThrow(/traceId/);
    expect(ours([span])).toEqual(theirs([span]));
  });
});
