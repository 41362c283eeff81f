import { encodeOtlp } from '@crmbet/testkit';
import { describe, expect, test } from 'vitest';
import { decodeOtlp } from './decode.ts';
import type { Message } from './messages.test.helper.ts';
import { attributes, bytesOf, requestOf, SPAN_ID, toJson, TRACE_ID } from './messages.test.helper.ts';
import type { OtlpEncoding, Signal } from './signal.ts';

const encodings: OtlpEncoding[] = ['protobuf', 'json'];

function decode(encoding: OtlpEncoding, signal: Signal, message: Message): ReturnType<typeof decodeOtlp> {
  return decodeOtlp(signal, encoding, encoding === 'json' ? toJson(message) : encodeOtlp(signal, message));
}

/** Around the lengths where a message's length takes two bytes and three. */
const lengths = [55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 8188, 8192];

const span = {
  traceId: bytesOf(TRACE_ID),
  spanId: bytesOf(SPAN_ID),
  parentSpanId: bytesOf('00f067aa0ba902b7'),
  name: 'GET /orders/:id — ünï 🙂',
  kind: 2,
  startTimeUnixNano: '1700000000000000001',
  endTimeUnixNano: '1700000000012000002',
  attributes: [
    ...attributes({ 'correlation.id': 'req-1', 'quo"te': 'a\\b\n\u0001 ünï 🙂', empty: '' }),
    ...lengths.map((length) => ({ key: `long${length}`, value: { stringValue: 'ü'.repeat(length) } })),
    { key: 'k'.repeat(200), value: { stringValue: 'v' } },
    { key: 'yes', value: { boolValue: true } },
    { key: 'no', value: { boolValue: false } },
    { key: 'int', value: { intValue: '-3' } },
    { key: 'zero', value: { intValue: '0' } },
    { key: 'safe', value: { intValue: '9007199254740991' } },
    { key: 'unsafe', value: { intValue: '-9007199254740993' } },
    { key: 'least', value: { intValue: '-9223372036854775808' } },
    { key: 'double', value: { doubleValue: 1.5 } },
    { key: 'bytes', value: { bytesValue: Buffer.from([0, 250, 255]) } },
    { key: 'list', value: { arrayValue: { values: [{ stringValue: 'x' }, { intValue: 2 }, {}, { arrayValue: {} }] } } },
    { key: 'map', value: { kvlistValue: { values: attributes({ a: 'b', c: 'd' }) } } },
    { key: 'nothing' },
    { key: 'empty value', value: {} },
  ],
  events: [
    { timeUnixNano: '1700000000000000005', name: 'retry "2"', attributes: attributes({ why: 'timeout' }) },
    { timeUnixNano: '0', name: 'bare' },
  ],
  links: [{ traceId: bytesOf(TRACE_ID), spanId: bytesOf(SPAN_ID), attributes: attributes({ to: 'cause' }) }],
  status: { code: 2, message: 'no stock' },
  flags: 1,
  traceState: 'a=b',
  droppedAttributesCount: 3,
};

const attributesOfSpan = {
  'correlation.id': 'req-1',
  'quo"te': 'a\\b\n\u0001 ünï 🙂',
  empty: '',
  ...Object.fromEntries(lengths.map((length) => [`long${length}`, 'ü'.repeat(length)])),
  ['k'.repeat(200)]: 'v',
  yes: true,
  no: false,
  int: -3,
  zero: 0,
  safe: 9007199254740991,
  unsafe: '-9007199254740993',
  least: '-9223372036854775808',
  double: 1.5,
  bytes: 'APr/',
  list: ['x', 2, null, []],
  map: { a: 'b', c: 'd' },
  nothing: null,
  'empty value': null,
};

describe.each(encodings)('traces in %s', (encoding) => {
  test('a span with everything', () => {
    const { batch, rejected, message } = decode(encoding, 'traces', requestOf('traces', [span]));
    expect({ rejected, message, logs: batch.logs, metricPoints: batch.metricPoints }).toEqual({
      rejected: 0,
      message: '',
      logs: [],
      metricPoints: [],
    });
    const [record] = batch.spans;
    expect(record).toEqual({
      traceId: TRACE_ID,
      spanId: SPAN_ID,
      parentSpanId: '00f067aa0ba902b7',
      name: 'GET /orders/:id — ünï 🙂',
      kind: 2,
      startTimeUnixNano: 1700000000000000001n,
      endTimeUnixNano: 1700000000012000002n,
      statusCode: 2,
      statusMessage: 'no stock',
      serviceName: 'orders',
      correlationId: 'req-1',
      scopeName: 'tests',
      attributes: JSON.stringify(attributesOfSpan),
      resource: '{"service.name":"orders"}',
      events:
        '[{"name":"retry \\"2\\"","timeUnixNano":"1700000000000000005","attributes":{"why":"timeout"}},' +
        '{"name":"bare","timeUnixNano":"0","attributes":{}}]',
      links: `[{"traceId":"${TRACE_ID}","spanId":"${SPAN_ID}","attributes":{"to":"cause"}}]`,
    });
  });

  test('a span with only its IDs, in a resource without a name', () => {
    const bare = { traceId: bytesOf(TRACE_ID), spanId: bytesOf(SPAN_ID) };
    const { batch } = decode(encoding, 'traces', { resourceSpans: [{ scopeSpans: [{ spans: [bare] }] }] });
    expect(batch.spans).toEqual([
      expect.objectContaining({
        parentSpanId: '',
        name: '',
        kind: 0,
        serviceName: 'unknown_service',
        correlationId: '',
        attributes: '{}',
        resource: '{}',
        events: '[]',
        links: '[]',
      }),
    ]);
  });

  test('spans of several resources and traces keep their own', () => {
    const other = { ...span, traceId: bytesOf('1'.repeat(32)) };
    const requests = [requestOf('traces', [span, other, span], 'a'), requestOf('traces', [other], 'b')];
    const message = { resourceSpans: requests.flatMap((request) => request['resourceSpans']) };
    const spans = decode(encoding, 'traces', message).batch.spans.map((s) => [s.serviceName, s.traceId]);
    const [one, two] = [TRACE_ID, '1'.repeat(32)];
    expect(spans).toEqual([
      ['a', one],
      ['a', two],
      ['a', one],
      ['b', two],
    ]);
  });

  test('spans that are invalid by themselves are counted, and the others taken', () => {
    const records = [
      span,
      { ...span, traceId: Buffer.alloc(0) },
      { ...span, traceId: Buffer.alloc(16) },
      { ...span, spanId: Buffer.alloc(8) },
      { ...span, endTimeUnixNano: '18446744073709551615' },
    ];
    const { batch, rejected, message } = decode(encoding, 'traces', requestOf('traces', records));
    expect(batch.spans).toHaveLength(1);
    expect(rejected).toBe(4);
    expect(message).toBe(
      'Rejected 4 spans: empty or all-zero trace_id (2), empty or all-zero span_id (1), time after the year 2262 (1)',
    );
  });

  test('unknown enum numbers count as unspecified', () => {
    const odd = { ...span, kind: 77, status: { code: -1 } };
    const [record] = decode(encoding, 'traces', requestOf('traces', [odd])).batch.spans;
    expect([record?.kind, record?.statusCode]).toEqual([0, 0]);
  });

  test('an empty request is no error', () => {
    expect(decode(encoding, 'traces', {})).toMatchObject({ rejected: 0, batch: { spans: [] } });
  });
});

describe.each(encodings)('logs in %s', (encoding) => {
  const log = {
    timeUnixNano: '1700000000000000001',
    observedTimeUnixNano: '1700000000000000002',
    severityNumber: 17,
    severityText: 'error',
    body: { stringValue: 'order "7" failed — ünï' },
    attributes: attributes({ correlationId: 'req-1', 'correlation.id': 'other', order: '7' }),
    traceId: bytesOf(TRACE_ID),
    spanId: bytesOf(SPAN_ID),
  };

  test('a record with everything', () => {
    expect(decode(encoding, 'logs', requestOf('logs', [log])).batch.logs).toEqual([
      {
        timeUnixNano: 1700000000000000001n,
        observedTimeUnixNano: 1700000000000000002n,
        severityNumber: 17,
        severityText: 'error',
        body: 'order "7" failed — ünï',
        traceId: TRACE_ID,
        spanId: SPAN_ID,
        serviceName: 'orders',
        correlationId: 'req-1',
        scopeName: 'tests',
        attributes: '{"correlationId":"req-1","correlation.id":"other","order":"7"}',
        resource: '{"service.name":"orders"}',
      },
    ]);
  });

  test.each([
    [{ kvlistValue: { values: attributes({ a: 'b' }) } }, '{"a":"b"}'],
    [{ intValue: 5 }, '5'],
    [{ doubleValue: Number.NaN }, encoding === 'json' ? '' : '"NaN"'],
    [{ stringValue: '' }, ''],
    [{}, ''],
    [undefined, ''],
  ])('body %j', (body, expected) => {
    const [record] = decode(encoding, 'logs', requestOf('logs', [{ ...log, body }])).batch.logs;
    expect(record?.body).toBe(expected);
  });

  test('correlation.id is taken too; a zero trace ID is none; a missing time is the observed one', () => {
    const odd = {
      attributes: attributes({ 'correlation.id': 'x' }),
      traceId: Buffer.alloc(16),
      observedTimeUnixNano: '9',
    };
    const [record] = decode(encoding, 'logs', requestOf('logs', [odd])).batch.logs;
    expect(record).toMatchObject({ correlationId: 'x', traceId: '', timeUnixNano: 9n, observedTimeUnixNano: 9n });
  });

  test('a record without any time is of now', () => {
    const before = BigInt(Date.now()) * 1_000_000n;
    const [record] = decode(encoding, 'logs', requestOf('logs', [{ body: { stringValue: 'x' } }])).batch.logs;
    expect(record?.timeUnixNano).toBeGreaterThanOrEqual(before);
    expect(record?.observedTimeUnixNano).toBe(record?.timeUnixNano);
  });
});
