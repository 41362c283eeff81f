import { describe, expect, test } from 'vitest';
import { decodeOtlp } from './decode.ts';
import { defaultDecodeLimits } from './limits.ts';
import { SPAN_ID, TRACE_ID } from './messages.test.helper.ts';
import type { Signal } from './signal.ts';

function decode(signal: Signal, text: string): ReturnType<typeof decodeOtlp> {
  return decodeOtlp(signal, 'json', Buffer.from(text));
}

function inSpan(fields: Record<string, unknown>): string {
  const span = { traceId: TRACE_ID, spanId: SPAN_ID, ...fields };
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
}

function inValue(value: unknown): string {
  return inSpan({ attributes: [{ key: 'k', value }] });
}

function inMetric(metric: Record<string, unknown>): string {
  return JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics: [metric] }] }] });
}

const SPAN = '$.resourceSpans[0].scopeSpans[0].spans[0]';
const METRIC = '$.resourceMetrics[0].scopeMetrics[0].metrics[0]';

describe('OTLP/JSON of wrong types is refused with its path', () => {
  test.each<[string, string]>([
    ['', 'ExportTraceServiceRequest: no JSON: '],
    ['{"resourceSpans":', 'ExportTraceServiceRequest: no JSON: '],
    ['\u00ff\u00fe', 'ExportTraceServiceRequest: no JSON: '],
    ['null', 'expected an object instead of null at $'],
    ['[]', 'expected an object instead of an array at $'],
    ['7', 'expected an object instead of 7 at $'],
    ['{"resourceSpans":{}}', 'expected an array instead of an object at $.resourceSpans'],
    ['{"resourceSpans":[7]}', 'expected an object instead of 7 at $.resourceSpans[0]'],
    ['{"resourceSpans":[null]}', 'expected an object instead of null at $.resourceSpans[0]'],
    ['{"resourceSpans":[{"resource":"x"}]}', 'expected an object instead of "x" at $.resourceSpans[0].resource'],
    [inSpan({ traceId: 'abc' }), `expected 32 hexadecimal digits instead of "abc" at ${SPAN}.traceId`],
    [inSpan({ traceId: 'g'.repeat(32) }), `expected 32 hexadecimal digits instead of "gggg`],
    [inSpan({ spanId: 7 }), `expected 16 hexadecimal digits instead of 7 at ${SPAN}.spanId`],
    [inSpan({ name: 7 }), `expected a string instead of 7 at ${SPAN}.name`],
    [inSpan({ kind: 'SERVER' }), `expected a number from 0 to 5 instead of "SERVER" at ${SPAN}.kind`],
    [inSpan({ kind: 1.5 }), `expected a number from 0 to 5 instead of 1.5 at ${SPAN}.kind`],
    [
      inSpan({ startTimeUnixNano: '-1' }),
      `expected an unsigned 64-bit integer instead of "-1" at ${SPAN}.startTimeUnixNano`,
    ],
    [inSpan({ startTimeUnixNano: '1e3' }), `instead of "1e3" at ${SPAN}.startTimeUnixNano`],
    [inSpan({ endTimeUnixNano: '18446744073709551616' }), `at ${SPAN}.endTimeUnixNano`],
    [inSpan({ endTimeUnixNano: 1.5 }), `expected an unsigned 64-bit integer instead of 1.5`],
    [inSpan({ endTimeUnixNano: '9'.repeat(5000) }), `expected an unsigned 64-bit integer instead of "9999`],
    [inSpan({ status: [] }), `expected an object instead of an array at ${SPAN}.status`],
    [inSpan({ events: [{ timeUnixNano: {} }] }), `instead of an object at ${SPAN}.events[0].timeUnixNano`],
    [inSpan({ links: [{ spanId: 'x' }] }), `at ${SPAN}.links[0].spanId`],
    [inSpan({ attributes: {} }), `expected an array instead of an object at ${SPAN}.attributes`],
    [inSpan({ attributes: [{ key: 1 }] }), `expected a string instead of 1 at ${SPAN}.attributes[0].key`],
    [inValue('x'), `expected an object instead of "x" at ${SPAN}.attributes[0].value`],
    [inValue({ stringValue: 1 }), `expected a string instead of 1 at ${SPAN}.attributes[0].value.stringValue`],
    [
      inValue({ boolValue: 'true' }),
      `expected true or false instead of "true" at ${SPAN}.attributes[0].value.boolValue`,
    ],
    [inValue({ intValue: 'x' }), `expected a 64-bit integer instead of "x" at ${SPAN}.attributes[0].value.intValue`],
    [inValue({ intValue: '9223372036854775808' }), `at ${SPAN}.attributes[0].value.intValue`],
    [inValue({ doubleValue: 'x' }), `expected a number instead of "x" at ${SPAN}.attributes[0].value.doubleValue`],
    [inValue({ bytesValue: '*' }), `expected base64 instead of "*" at ${SPAN}.attributes[0].value.bytesValue`],
    [inValue({ arrayValue: { values: [7] } }), `instead of 7 at ${SPAN}.attributes[0].value.arrayValue.values[0]`],
    [inValue({ kvlistValue: { values: [{ key: [] }] } }), `at ${SPAN}.attributes[0].value.kvlistValue.values[0].key`],
  ])('%.70s', (text, message) => {
    expect(() => decode('traces', text)).toThrow(expect.objectContaining({ code: 'INVALID_OTLP' }));
    expect(() => decode('traces', text)).toThrow(message);
  });

  test.each<[Record<string, unknown>, string]>([
    [
      { gauge: { dataPoints: [{ asDouble: 'x' }] } },
      `expected a number instead of "x" at ${METRIC}.gauge.dataPoints[0].asDouble`,
    ],
    [
      { sum: { aggregationTemporality: 'NEVER' } },
      `expected a number from 0 to 2 instead of "NEVER" at ${METRIC}.sum.aggregationTemporality`,
    ],
    [{ sum: { isMonotonic: 1 } }, `expected true or false instead of 1 at ${METRIC}.sum.isMonotonic`],
    [
      { histogram: { dataPoints: [{ bucketCounts: ['-1'] }] } },
      `instead of "-1" at ${METRIC}.histogram.dataPoints[0].bucketCounts[0]`,
    ],
    [
      { histogram: { dataPoints: [{ explicitBounds: [{}] }] } },
      `at ${METRIC}.histogram.dataPoints[0].explicitBounds[0]`,
    ],
    [{ summary: { dataPoints: [{ quantileValues: [{ value: [] }] }] } }, `.quantileValues[0].value`],
  ])('%j', (metric, message) => {
    expect(() => decode('metrics', inMetric({ name: 'm', ...metric }))).toThrow(message);
  });

  test('nesting without end', () => {
    const deep = `${'{"arrayValue":{"values":['.repeat(2000)}${']}}'.repeat(2000)}`;
    const text = inSpan({ attributes: [{ key: 'k', value: null }] }).replace('null', deep);
    expect(() => decode('traces', text)).toThrow('messages nested more than 64 deep');
    expect(() => decode('traces', `${'['.repeat(500_000)}${']'.repeat(500_000)}`)).toThrow(
      /TelemetryError|ExportTrace/,
    );
  });

  test('more records than allowed', () => {
    const limits = { ...defaultDecodeLimits, maxRecords: 1 };
    const text = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [{}, {}] }] }] });
    expect(() => decodeOtlp('logs', 'json', Buffer.from(text), limits)).toThrow('more than 1 records');
  });
});

describe('OTLP/JSON as senders write it is understood', () => {
  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['IDs of either case', { traceId: TRACE_ID.toUpperCase() }, { traceId: TRACE_ID }],
    ['times as numbers', { startTimeUnixNano: 1700000000000000000 }, { startTimeUnixNano: 1700000000000000000n }],
    ['names of enums', { kind: 'SPAN_KIND_SERVER', status: { code: 'STATUS_CODE_ERROR' } }, { kind: 2, statusCode: 2 }],
    [
      'null for what is not there',
      { parentSpanId: null, events: null, status: null, name: null },
      { parentSpanId: '', name: '' },
    ],
    ['unknown fields', { future: { x: [1] }, trace_id: 5 }, { traceId: TRACE_ID }],
    ['integers as numbers', { attributes: [{ key: 'k', value: { intValue: 7 } }] }, { attributes: '{"k":7}' }],
    ['base64 for URLs', { attributes: [{ key: 'k', value: { bytesValue: '-_8' } }] }, { attributes: '{"k":"+/8="}' }],
    [
      'keys that JavaScript treats specially',
      { attributes: [{ key: '__proto__', value: { intValue: 7 } }, { key: '1' }] },
      { attributes: '{"__proto__":7,"1":null}' },
    ],
    [
      'a lone surrogate',
      { name: '\ud800', attributes: [{ key: '\udc00', value: { stringValue: '\ud800' } }] },
      { name: '\ufffd', attributes: '{"\ufffd":"\ufffd"}' },
    ],
  ])('%s', (_, fields, expected) => {
    expect(decode('traces', inSpan(fields)).batch.spans).toMatchObject([expected]);
  });

  test('severity names', () => {
    const text = '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"severityNumber":"SEVERITY_NUMBER_WARN2"}]}]}]}';
    expect(decode('logs', text).batch.logs).toMatchObject([{ severityNumber: 14 }]);
  });
});
