import { encodeOtlp } from '@crmbet/testkit';
import { describe, expect, test } from 'vitest';
import { decodeOtlp } from './decode.ts';
import { defaultDecodeLimits } from './limits.ts';
import { attributes, bytesOf, requestOf, SPAN_ID, TRACE_ID } from './messages.test.helper.ts';

/** A length-delimited field with a number below 16 and fewer than 128 bytes a part. */
function field(number: number, ...parts: (Buffer | number[])[]): Buffer {
  const value = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.from([number * 8 + 2, value.length]), value]);
}

const ids = Buffer.concat([field(1, bytesOf(TRACE_ID)), field(2, bytesOf(SPAN_ID))]);
/** ExportTraceServiceRequest › ResourceSpans › ScopeSpans › Span. */
function inSpan(...parts: (Buffer | number[])[]): Buffer {
  return field(1, field(2, field(2, ids, ...parts)));
}
function inAttribute(...parts: (Buffer | number[])[]): Buffer {
  return inSpan(field(9, field(1, Buffer.from('k')), field(2, ...parts)));
}
function deepValue(levels: number): Buffer {
  let value = Buffer.alloc(0);
  for (let i = 0; i < levels; i++) {
    const list = Buffer.concat([Buffer.from([0x0a]), varint(value.length), value]);
    value = Buffer.concat([Buffer.from([0x2a]), varint(list.length), list]);
  }
  const keyValue = Buffer.concat([Buffer.from([0x12]), varint(value.length), value]);
  const span = Buffer.concat([Buffer.from([0x4a]), varint(keyValue.length), keyValue]);
  return [0x12, 0x12, 0x0a].reduce(
    (inner, tag) => Buffer.concat([Buffer.from([tag]), varint(inner.length), inner]),
    span,
  );
}
function varint(value: number): Buffer {
  return value < 0x80 ? Buffer.from([value]) : Buffer.from([(value & 0x7f) | 0x80, value >> 7]);
}
const groupStart = [0x7b + 0x80, 0x06];
const groupEnd = [0x7c + 0x80, 0x06];

describe('protobuf that is malformed is refused with the message and the byte', () => {
  test.each<[string, Buffer, string]>([
    ['a truncated varint', Buffer.from([0x0a, 0x80]), 'ExportTraceServiceRequest: truncated varint at byte 1'],
    [
      'a varint without end',
      Buffer.from([0x0a, ...Array.from({ length: 12 }, () => 0xff)]),
      'varint longer than 10 bytes at byte 1',
    ],
    [
      'a length past the end',
      Buffer.from([0x0a, 5, 1]),
      'ExportTraceServiceRequest: length 5 goes past the end of the message at byte 1',
    ],
    [
      'a length past the end of the message around it',
      Buffer.concat([field(1, [0x12, 3], [0x12]), field(1), field(1)]),
      'ExportTraceServiceRequest.ResourceSpans: length 3 goes past',
    ],
    ['a huge length', Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]), 'goes past the end'],
    [
      'a wrong wire type',
      Buffer.from([0x08, 1]),
      'ExportTraceServiceRequest: field 1 has wire type 0 instead of 2 at byte 1',
    ],
    ['a name that is a number', inSpan([0x28, 1]), 'Span: field 5 has wire type 0 instead of 2'],
    ['a time that is a varint', inSpan([0x38, 1]), 'Span: field 7 has wire type 0 instead of 1'],
    ['a truncated time', inSpan([0x39, 1, 2]), 'Span: truncated 64-bit value'],
    ['field number 0', inSpan([0x02, 0]), 'Span: invalid field number'],
    ['a field number past 2^29', inSpan([0xf8, 0xff, 0xff, 0xff, 0xff, 0x01, 0]), 'Span: invalid field number'],
    ['an impossible wire type', inSpan([0xfe, 0x06]), 'Span: field 111 has the impossible wire type 6'],
    ['a group that only ends', inSpan(groupEnd), 'Span: field 111 has the impossible wire type 4'],
    ['a group without end', inSpan(groupStart), 'Span: group 111 has no end'],
    ['a group that ends as another', inSpan(groupStart, [0x74]), 'Span: group 111 is ended as group 14'],
    [
      'groups in groups without end',
      inSpan(Buffer.from(Array.from({ length: 38 }, () => groupStart).flat())),
      'Span: group 111 has no end',
    ],
    [
      'a short trace ID',
      field(1, field(2, field(2, field(1, [1, 2, 3])))),
      'Span: an ID of 3 bytes instead of 16 at byte 7',
    ],
    ['a long parent ID', inSpan(field(4, Buffer.alloc(9))), 'Span: an ID of 9 bytes instead of 8'],
    ['a key that is a number', inSpan(field(9, [0x08, 1])), 'Span.attributes: field 1 has wire type 0 instead of 2'],
    ['a truncated double', inAttribute([0x21, 1]), 'Span.attributes.value: truncated 64-bit value'],
    ['a string past its value', inAttribute([0x0a, 9, 65]), 'Span.attributes.value: length 9 goes past the end'],
    ['an event that is a number', inSpan([0x58, 1]), 'Span: field 11 has wire type 0 instead of 2'],
    ['a link with a short ID', inSpan(field(13, field(1, [1]))), 'Span.links: an ID of 1 bytes instead of 16'],
    ['values too deep', deepValue(40), 'messages nested more than 64 deep'],
  ])('%s', (_, body, message) => {
    const decode = (): unknown => decodeOtlp('traces', 'protobuf', body);
    expect(decode).toThrow(expect.objectContaining({ name: 'TelemetryError', code: 'INVALID_OTLP' }));
    expect(decode).toThrow(message);
  });

  test('groups deeper than the limit', () => {
    const limits = { ...defaultDecodeLimits, maxDepth: 8 };
    const body = inSpan(Buffer.from(Array.from({ length: 20 }, () => groupStart).flat()));
    expect(() => decodeOtlp('traces', 'protobuf', body, limits)).toThrow('Span: groups nested too deep');
  });
});

test('an attribute that goes past its span, into bytes that would complete it, is refused', () => {
  const span = Buffer.concat([
    ids,
    field(9, field(1, Buffer.from('k')), field(2, field(1, Buffer.from('valx\u0001')))),
  ]);
  // What is left over of the text, `x\u0001`, is an unknown field of the message around the span.
  const short = Buffer.concat([Buffer.from([0x12, span.length - 2]), span]);
  const decode = (): unknown => decodeOtlp('traces', 'protobuf', field(1, field(2, short)));
  expect(decode).toThrow('ScopeSpans.Span: length 12 goes past the end of the message');
});

test('a long attribute whose bytes look like a short one is read as what it is', () => {
  // Length 1280 is 80 0A: read as one byte and a tag, the key below would be ten bytes and a text of 112 after it.
  const key = Buffer.from(`${'k'.repeat(9)}\u0012\u0072\n\u0070${'k'.repeat(87)}`);
  const message = requestOf('traces', [
    {
      traceId: bytesOf(TRACE_ID),
      spanId: bytesOf(SPAN_ID),
      attributes: attributes({ [String(key)]: 'v'.repeat(1172) }),
    },
  ]);
  const body = encodeOtlp('traces', message);
  expect(Buffer.from(body).includes(Buffer.from([0x4a, 0x80, 0x0a, 0x0a, 100]))).toBe(true);
  const { batch } = decodeOtlp('traces', 'protobuf', body);
  expect(JSON.parse(batch.spans[0]?.attributes ?? '')).toEqual({ [String(key)]: 'v'.repeat(1172) });
});

describe('protobuf that is unusual is understood', () => {
  test.each<[string, Buffer]>([
    [
      'unknown fields of every wire type',
      inSpan([0xf8, 6, 1], [0xf9, 6], Buffer.alloc(8), [0xfa, 6, 1, 0], [0xfd, 6], Buffer.alloc(4)),
    ],
    ['an unknown group with a group inside', inSpan(groupStart, [0x08, 1], groupStart, groupEnd, groupEnd)],
    ['a value before its key', inSpan(field(9, field(2, field(1, [0x76])), field(1, [0x6b])))],
    ['values as deep as allowed', deepValue(28)],
  ])('%s', (_, body) => {
    const { batch, rejected } = decodeOtlp('traces', 'protobuf', body);
    expect(batch.spans.length + rejected).toBe(1);
  });

  test('the key and its value in either order, twice the same field, and an unknown field after a value', () => {
    const swapped = field(9, field(2, field(1, [0x76])), field(1, [0x6b]));
    const last = field(9, field(1, [0x61]), field(2, field(1, [0x78]), [0x18, 5], [0xf8, 6, 1]));
    const { batch } = decodeOtlp('traces', 'protobuf', inSpan(swapped, last));
    expect(batch.spans[0]?.attributes).toBe('{"k":"v","a":5}');
  });

  test('a resource after its spans, and a scope after them too', () => {
    const resource = field(1, field(1, field(1, Buffer.from('service.name')), field(2, field(1, Buffer.from('late')))));
    const scope = field(1, field(1, Buffer.from('scope')));
    const { batch } = decodeOtlp('traces', 'protobuf', field(1, field(2, field(2, ids), scope), resource));
    expect(batch.spans).toMatchObject([{ serviceName: 'late', scopeName: 'scope' }]);
  });

  test('repeated numbers of a histogram with a field each', () => {
    const double = (value: number): Buffer => {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleLE(value);
      return bytes;
    };
    const counts = [1n, 2n].map((count) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64LE(count);
      return Buffer.concat([Buffer.from([0x31]), bytes]);
    });
    const point = field(1, ...counts, Buffer.concat([Buffer.from([0x39]), double(0.5)]));
    const metric = field(2, field(9, point, [0x10, 2]), field(1, Buffer.from('h')));
    const { batch } = decodeOtlp('metrics', 'protobuf', field(1, field(2, metric)));
    expect(batch.metricPoints).toMatchObject([
      { name: 'h', temporality: 'cumulative', bucketCounts: '[1,2]', explicitBounds: '[0.5]' },
    ]);
  });

  test('invalid UTF-8 becomes U+FFFD and stays valid JSON', () => {
    const { batch } = decodeOtlp(
      'traces',
      'protobuf',
      inSpan(field(5, [0xff, 0x41]), field(9, field(1, [0xc3]), field(2, field(1, [0xed, 0xa0, 0x80])))),
    );
    expect(batch.spans[0]?.name).toBe('\ufffdA');
    expect(JSON.parse(batch.spans[0]?.attributes ?? '')).toEqual({ '\ufffd': '\ufffd\ufffd\ufffd' });
  });
});

describe('limits', () => {
  const span = { traceId: bytesOf(TRACE_ID), spanId: bytesOf(SPAN_ID) };
  test.each([
    [
      'attributes',
      { maxAttributes: 2 },
      [{ ...span, attributes: attributes({ a: '', b: '', c: '' }) }],
      'Span: more than 2 attributes',
    ],
    ['records', { maxRecords: 2 }, [span, span, span], 'more than 2 records in one request'],
    [
      'text',
      { maxTextLength: 60 },
      [{ ...span, attributes: attributes({ a: 'x'.repeat(60) }) }],
      'expands to more than 60 characters',
    ],
    [
      'text of events',
      { maxTextLength: 100 },
      [{ ...span, events: [{}, {}, {}] }],
      'expands to more than 100 characters',
    ],
  ])('%s', (_, limits, spans, message) => {
    const decode = (): unknown =>
      decodeOtlp('traces', 'protobuf', encodeOtlp('traces', requestOf('traces', spans)), {
        ...defaultDecodeLimits,
        ...limits,
      });
    expect(decode).toThrow(expect.objectContaining({ code: 'INVALID_OTLP' }));
    expect(decode).toThrow(message);
  });

  test('ten thousand exemplars or buckets do not slip through', () => {
    const point = { timeUnixNano: '1', asInt: '1', exemplars: Array.from({ length: 5 }, () => ({})) };
    const wide = { timeUnixNano: '1', bucketCounts: ['1', '1', '1'], explicitBounds: [1, 2] };
    const limits = { ...defaultDecodeLimits, maxRecords: 4, maxBuckets: 2 };
    const decode = (metric: Record<string, unknown>): unknown =>
      decodeOtlp('metrics', 'protobuf', encodeOtlp('metrics', requestOf('metrics', [metric])), limits);
    expect(() => decode({ name: 'm', gauge: { dataPoints: [point] } })).toThrow('more than 4 exemplars');
    expect(() => decode({ name: 'm', histogram: { dataPoints: [wide] } })).toThrow('more than 2 buckets');
  });
});
