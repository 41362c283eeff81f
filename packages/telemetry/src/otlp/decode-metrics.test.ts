import { encodeOtlp } from '@crmbet/testkit';
import { describe, expect, test } from 'vitest';
import { decodeOtlp } from './decode.ts';
import type { Message } from './messages.test.helper.ts';
import { attributes, bytesOf, requestOf, SPAN_ID, toJson, TRACE_ID } from './messages.test.helper.ts';
import type { OtlpEncoding } from './signal.ts';

const encodings: OtlpEncoding[] = ['protobuf', 'json'];

function decode(encoding: OtlpEncoding, metrics: Message[]): ReturnType<typeof decodeOtlp> {
  const message = requestOf('metrics', metrics);
  return decodeOtlp('metrics', encoding, encoding === 'json' ? toJson(message) : encodeOtlp('metrics', message));
}

const times = { startTimeUnixNano: '1700000000000000000', timeUnixNano: '1700000001000000000' };
const labels = attributes({ b: '2', a: '1' });
const exemplar = {
  timeUnixNano: '1700000000500000000',
  asDouble: 0.7,
  traceId: bytesOf(TRACE_ID),
  spanId: bytesOf(SPAN_ID),
  filteredAttributes: attributes({ 'correlation.id': 'req-1' }),
};
const common = {
  description: 'what it is',
  unit: 's',
  temporality: '',
  monotonic: false,
  startTimeUnixNano: 1700000000000000000n,
  timeUnixNano: 1700000001000000000n,
  serviceName: 'orders',
  scopeName: 'tests',
  attributes: '{"a":"1","b":"2"}',
  resource: '{"service.name":"orders"}',
  value: 0,
  count: 0,
  sum: 0,
  explicitBounds: '[]',
  bucketCounts: '[]',
  detail: '{}',
  exemplars: [],
};
const meta = { description: 'what it is', unit: 's' };

describe.each(encodings)('metrics in %s', (encoding) => {
  test('gauge: double and integer', () => {
    const dataPoints = [
      { ...times, attributes: labels, asDouble: -1.5 },
      { ...times, attributes: labels.toReversed(), asInt: '-7' },
    ];
    const { batch } = decode(encoding, [{ name: 'level', ...meta, gauge: { dataPoints } }]);
    expect(batch.metricPoints).toEqual([
      { ...common, name: 'level', type: 'gauge', value: -1.5 },
      { ...common, name: 'level', type: 'gauge', value: -7 },
    ]);
  });

  test('sum with an exemplar', () => {
    const dataPoints = [{ ...times, attributes: labels, asInt: '3', exemplars: [exemplar] }];
    const sum = { aggregationTemporality: 2, isMonotonic: true, dataPoints };
    expect(decode(encoding, [{ name: 'sold', ...meta, sum }]).batch.metricPoints).toEqual([
      {
        ...common,
        name: 'sold',
        type: 'sum',
        temporality: 'cumulative',
        monotonic: true,
        value: 3,
        exemplars: [
          {
            timeUnixNano: 1700000000500000000n,
            value: 0.7,
            traceId: TRACE_ID,
            spanId: SPAN_ID,
            correlationId: 'req-1',
          },
        ],
      },
    ]);
  });

  test('histogram', () => {
    const point = { ...times, attributes: labels, count: '4', sum: 9.5, bucketCounts: ['1', '2', '1'] };
    const histogram = {
      aggregationTemporality: 1,
      dataPoints: [{ ...point, explicitBounds: [0.5, 2], min: 0, max: 9 }],
    };
    expect(decode(encoding, [{ name: 'took', ...meta, histogram }]).batch.metricPoints).toEqual([
      {
        ...common,
        name: 'took',
        type: 'histogram',
        temporality: 'delta',
        count: 4,
        sum: 9.5,
        explicitBounds: '[0.5,2]',
        bucketCounts: '[1,2,1]',
      },
    ]);
  });

  test('exponential histogram', () => {
    const positive = { offset: -2, bucketCounts: ['1', '300'] };
    const point = { ...times, attributes: labels, count: '302', sum: 3, scale: -1, zeroCount: '1', positive };
    const exponentialHistogram = { aggregationTemporality: 2, dataPoints: [point] };
    expect(decode(encoding, [{ name: 'size', ...meta, exponentialHistogram }]).batch.metricPoints).toEqual([
      {
        ...common,
        name: 'size',
        type: 'exponential_histogram',
        temporality: 'cumulative',
        count: 302,
        sum: 3,
        detail:
          '{"scale":-1,"zeroCount":1,"positive":{"offset":-2,"counts":[1,300]},"negative":{"offset":0,"counts":[]}}',
      },
    ]);
  });

  test('summary', () => {
    const quantileValues = [
      { quantile: 0.5, value: 1 },
      { quantile: 0.99, value: 2.5 },
    ];
    const summary = { dataPoints: [{ ...times, attributes: labels, count: '2', sum: 3.5, quantileValues }] };
    expect(decode(encoding, [{ name: 'old', ...meta, summary }]).batch.metricPoints).toEqual([
      {
        ...common,
        name: 'old',
        type: 'summary',
        count: 2,
        sum: 3.5,
        detail: '[{"quantile":0.5,"value":1},{"quantile":0.99,"value":2.5}]',
      },
    ]);
  });

  test('points that are invalid by themselves are counted, points that say "no value" are left out', () => {
    const point = { ...times, count: '1', bucketCounts: ['1'], explicitBounds: [1] };
    const good = { ...times, asInt: '1' };
    const { batch, rejected, message } = decode(encoding, [
      { name: '', gauge: { dataPoints: [good] } },
      { name: 'no value', gauge: { dataPoints: [times] } },
      { name: 'ended', gauge: { dataPoints: [{ ...times, flags: 1 }] } },
      { name: 'no temporality', sum: { dataPoints: [good] } },
      { name: 'buckets', histogram: { aggregationTemporality: 2, dataPoints: [point] } },
      {
        name: 'order',
        histogram: {
          aggregationTemporality: 2,
          dataPoints: [{ ...point, bucketCounts: ['1', '1', '1'], explicitBounds: [2, 1] }],
        },
      },
      { name: 'late', gauge: { dataPoints: [{ ...good, timeUnixNano: '18446744073709551615' }] } },
      { name: 'good', gauge: { dataPoints: [good] } },
    ]);
    expect(batch.metricPoints.map((p) => p.name)).toEqual(['good']);
    expect(rejected).toBe(6);
    expect(message).toMatch(/^Rejected 6 data points: metric without a name \(1\), data point without a value \(1\), /);
    expect(message).toContain('explicit_bounds do not ascend');
    expect(message).toContain('not one more than its explicit_bounds');
  });

  test('a histogram without buckets is one', () => {
    const histogram = { aggregationTemporality: 2, dataPoints: [{ ...times, count: '3', sum: 1 }] };
    const { batch, rejected } = decode(encoding, [{ name: 'plain', histogram }]);
    expect(rejected).toBe(0);
    expect(batch.metricPoints).toMatchObject([{ count: 3, explicitBounds: '[]', bucketCounts: '[]' }]);
  });
});

test('not a number and infinities, as JSON spells them', () => {
  const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const dataPoints = values.map((asDouble) => ({ ...times, asDouble }));
  const spelled = values.map((value) => ({ ...times, asDouble: String(value) }));
  const fromWire = decode('protobuf', [{ name: 'odd', gauge: { dataPoints } }]).batch.metricPoints;
  const fromJson = decode('json', [{ name: 'odd', gauge: { dataPoints: spelled } }]).batch.metricPoints;
  expect(fromWire.map((point) => point.value)).toEqual(values);
  expect(fromJson).toEqual(fromWire);
});
