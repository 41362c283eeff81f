import { describe, expect, it } from 'vitest';
import { formatDuration, formatOffset, parseDuration } from './duration.ts';
import { failureText } from './failure.ts';
import { parseId, shortId } from './id.ts';
import { counted, formatBytes, formatValue, unitOfName } from './number.ts';
import { clockTime, fromLocalInput, listTime, nanosToMs, offsetMs, toLocalInput } from './time.ts';
import { attributeBlock, attributeText, fieldPreview, parsePair } from './value.ts';

describe('formatDuration', () => {
  it.each([
    [0, '0 ms'],
    [0.00084, '840 ns'],
    [0.4231, '423 µs'],
    [0.9996, '1 ms'],
    [12.345, '12.3 ms'],
    [999.6, '1 s'],
    [1250, '1.25 s'],
    [59_990, '1 min 0 s'],
    [125_000, '2 min 5 s'],
    [3_720_000, '1 h 2 min'],
    [93_600_000, '1 d 2 h'],
    [-1500, '-1.5 s'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

it('signs an offset', () => {
  expect([0, 12.34, -1500].map((ms) => formatOffset(ms))).toStrictEqual(['+0 ms', '+12.3 ms', '−1.5 s']);
});

describe('parseDuration', () => {
  it.each([
    ['250', 250],
    ['250ms', 250],
    ['1.5 s', 1500],
    ['1,5s', 1500],
    ['2min', 120_000],
    ['10us', 0.01],
    ['', undefined],
    ['fast', undefined],
    ['-5', undefined],
  ])('%s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });
});

describe('parseId', () => {
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
  it.each([
    [trace, { kind: 'trace', id: trace }],
    [` "${trace.toUpperCase()}", `, { kind: 'trace', id: trace }],
    ['00f067aa0ba902b7', { kind: 'span', id: '00f067aa0ba902b7' }],
    [`traceparent: 00-${trace}-00f067aa0ba902b7-01`, { kind: 'trace', id: trace, spanId: '00f067aa0ba902b7' }],
    ['"trace_id":"' + trace + '"', { kind: 'trace', id: trace }],
    ['X-Correlation-ID: order-42', { kind: 'correlation', id: 'order-42' }],
    ['correlation.id=order:42', { kind: 'correlation', id: 'order:42' }],
    ['order:42', { kind: 'correlation', id: 'order:42' }],
    ['  ', undefined],
  ])('%s', (text, parsed) => {
    expect(parseId(text)).toStrictEqual(parsed);
  });

  it('shortens only what is long', () => {
    expect(shortId(trace)).toBe('4bf92f35…');
    expect(shortId('order-42x')).toBe('order-42x');
  });
});

describe('times', () => {
  it('keeps microseconds in a clock time and nanoseconds in an offset', () => {
    expect(nanosToMs('1700000000123456789')).toBeCloseTo(1_700_000_000_123.456, 3);
    expect(offsetMs('1700000000123456789', '1700000000123457789')).toBe(0.001);
    expect(offsetMs('1700000000123457789', '1700000000123456789')).toBe(-0.001);
  });

  it('shows local time with milliseconds, and the day only when it is not today', () => {
    const noon = new Date(2026, 10, 22, 12, 3, 5, 7).getTime();
    expect(clockTime(noon)).toBe('12:03:05.007');
    expect(listTime(noon, noon + 60_000)).toBe('12:03:05.007');
    expect(listTime(noon, noon + 86_400_000)).toBe('11-22 12:03:05.007');
    expect(fromLocalInput(toLocalInput(noon))).toBe(noon - 7);
    expect(fromLocalInput('')).toBeUndefined();
  });
});

it('says why a span failed', () => {
  const span = { statusMessage: '', events: [], attributes: {} };
  const exception = { name: 'exception', timeUnixNano: '0', attributes: { 'exception.message': 'no such table' } };
  expect(failureText({ ...span, statusMessage: 'timeout', events: [exception] })).toBe('timeout');
  expect(failureText({ ...span, events: [exception], attributes: { 'error.type': '500' } })).toBe('no such table');
  expect(failureText({ ...span, attributes: { 'error.type': 502 } })).toBe('This span failed: 502.');
  expect(failureText(span)).toBe('This span failed.');
});

describe('values', () => {
  it('prints metric values in their unit', () => {
    expect(formatValue(0.0123, 's')).toBe('12.3 ms');
    expect(formatValue(1536, 'By')).toBe('1.5 KiB');
    expect(formatValue(12.5, '{request}', true)).toBe('12.5/s');
    expect(formatValue(0.25, 's', true)).toBe('0.25 s/s');
    expect(formatValue(1_234_567, '1')).toBe('1.23M');
    expect(formatValue(0.0001, '1')).toBe('1.00e-4');
    expect(formatValue(Number.NaN, 's')).toBe('NaN');
    expect(
      ['a_seconds', 'http.client.duration', 'b_bytes_total', 'c_total'].map((name) => unitOfName(name)),
    ).toStrictEqual(['s', 's', 'By', '']);
    expect(formatBytes(0)).toBe('0 B');
    expect(counted(1, 'span')).toBe('1 span');
    expect(counted(1200, 'span')).toBe('1,200 spans');
  });

  it('prints attributes as text and splits a filter at its first equals sign', () => {
    expect(attributeText(['a', 1])).toBe('["a",1]');
    expect(attributeText(undefined)).toBe('undefined');
    expect(attributeBlock('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(attributeBlock('{no json')).toBe('{no json');
    expect(fieldPreview({ correlationId: 'x', status_code: 200, 'exception.stacktrace': 'y', user: { id: 7 } })).toBe(
      'status_code=200  user={"id":7}',
    );
    expect(parsePair('db.statement=a=b')).toStrictEqual(['db.statement', 'a=b']);
    expect(parsePair('nothing')).toBeUndefined();
    expect(parsePair('key=')).toBeUndefined();
  });
});
