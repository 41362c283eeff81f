import { encodeOtlp } from '@crmbet/testkit';
import { expect, test } from 'vitest';
import { TelemetryError } from '../errors.ts';
import type { LogRecord, MetricPointRecord, SpanRecord } from '../model.ts';
import { decodeOtlp } from './decode.ts';
import type { Message } from './messages.test.helper.ts';
import { attributes, bytesOf, requestOf, SPAN_ID, toJson, TRACE_ID } from './messages.test.helper.ts';
import type { OtlpEncoding, Signal } from './signal.ts';

const ids = { traceId: bytesOf(TRACE_ID), spanId: bytesOf(SPAN_ID) };
const times = { startTimeUnixNano: '1700000000000000000', timeUnixNano: '1700000001000000000' };
const exemplars = [
  { ...ids, timeUnixNano: '5', asDouble: 1, filteredAttributes: attributes({ 'correlation.id': 'x' }) },
];
const value = {
  kvlistValue: {
    values: [{ key: 'l', value: { arrayValue: { values: [{ intValue: -5 }, { bytesValue: Buffer.from('b') }] } } }],
  },
};
const buckets = { offset: -1, bucketCounts: ['1', '2'] };
const quantileValues = [{ quantile: 0.5, value: 2 }];

const seeds: Record<Signal, Message[]> = {
  traces: [
    {
      ...ids,
      name: 'ünï',
      kind: 2,
      startTimeUnixNano: '1',
      endTimeUnixNano: '2',
      attributes: [...attributes({ 'correlation.id': 'x', b: 'c' }), { key: 'v', value }],
      events: [{ name: 'e', timeUnixNano: '3', attributes: attributes({ a: 'b' }) }],
      links: [{ ...ids, attributes: attributes({ a: 'b' }) }],
      status: { code: 2, message: 'm' },
    },
  ],
  logs: [
    {
      ...ids,
      timeUnixNano: '1',
      severityNumber: 9,
      severityText: 'info',
      body: value,
      attributes: attributes({ a: 'b' }),
    },
  ],
  metrics: [
    {
      name: 'g',
      unit: 's',
      gauge: { dataPoints: [{ ...times, asDouble: 1, attributes: attributes({ a: 'b' }), exemplars }] },
    },
    { name: 's', sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [{ ...times, asInt: '3' }] } },
    {
      name: 'h',
      histogram: {
        aggregationTemporality: 2,
        dataPoints: [{ ...times, count: '3', sum: 2, bucketCounts: ['1', '2'], explicitBounds: [1], exemplars }],
      },
    },
    {
      name: 'e',
      exponentialHistogram: {
        aggregationTemporality: 1,
        dataPoints: [{ ...times, scale: 3, positive: buckets, negative: buckets }],
      },
    },
    { name: 'q', summary: { dataPoints: [{ ...times, count: '1', quantileValues }] } },
  ],
};

/** The same numbers on every run (mulberry32), so that a failure can be seen again. */
function randomSource(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** `decoded` or `INVALID_OTLP`. @throws {Error} with the body when it is neither */
function outcomeOf(signal: Signal, encoding: OtlpEncoding, body: Uint8Array): string {
  try {
    const { batch } = decodeOtlp(signal, encoding, body);
    for (const record of [...batch.spans, ...batch.logs, ...batch.metricPoints]) parseTexts(record);
    return 'decoded';
  } catch (error) {
    if (error instanceof TelemetryError) return error.code;
    throw new Error(`body ${Buffer.from(body).toString('hex')}`, { cause: error });
  }
}

/** @throws {SyntaxError} when a text of the record is not JSON */
function parseTexts(record: SpanRecord | LogRecord | MetricPointRecord): void {
  JSON.parse(`[${record.attributes},${record.resource}]`);
  if ('events' in record) JSON.parse(`[${record.events},${record.links}]`);
  if ('detail' in record) JSON.parse(`[${record.detail},${record.bucketCounts},${record.explicitBounds}]`);
}

/** Truncated, with bits flipped, bytes replaced, removed or repeated. */
function mutate(body: Uint8Array, random: (below: number) => number): Uint8Array {
  let bytes = Array.from(body);
  for (let i = random(4); i >= 0; i--) {
    const at = random(bytes.length || 1);
    const kind = random(6);
    if (kind === 0) bytes = bytes.slice(0, at);
    else if (kind === 1) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
    else if (kind === 2) bytes[at] = random(256);
    else if (kind === 3) bytes.splice(at, 1 + random(3));
    else if (kind === 4) bytes.splice(at, 0, ...bytes.slice(at, at + 1 + random(20)));
    else bytes[at] = [0x7f, 0x80, 0xff, 0x00][random(4)] ?? 0;
  }
  return Uint8Array.from(bytes);
}

const cases = (['traces', 'logs', 'metrics'] as const).flatMap((signal) =>
  (['protobuf', 'json'] as const).map((encoding): [Signal, OtlpEncoding] => [signal, encoding]),
);

test.each(cases)(
  '3,000 mutated %s bodies in %s decode or are INVALID_OTLP, and what decodes is JSON',
  (signal, encoding) => {
    const message = requestOf(signal, seeds[signal]);
    const body = encoding === 'json' ? toJson(message) : encodeOtlp(signal, message);
    const random = randomSource(4317);
    const outcomes: Record<string, number> = {};
    for (let i = 0; i < 3000; i++) {
      const outcome = outcomeOf(signal, encoding, mutate(body, random));
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
    expect(Object.keys(outcomes).sort()).toEqual(['INVALID_OTLP', 'decoded']);
    expect(outcomes['decoded']).toBeGreaterThan(50);
    expect(outcomes['INVALID_OTLP']).toBeGreaterThan(500);
  },
);

test.each(cases)('every truncation of a %s body in %s ends in an answer', (signal, encoding) => {
  const message = requestOf(signal, seeds[signal]);
  const body = encoding === 'json' ? toJson(message) : encodeOtlp(signal, message);
  const outcomes = Array.from(body, (_, length) => outcomeOf(signal, encoding, body.subarray(0, length)));
  expect(outcomes.filter((outcome) => outcome !== 'decoded' && outcome !== 'INVALID_OTLP')).toEqual([]);
});
