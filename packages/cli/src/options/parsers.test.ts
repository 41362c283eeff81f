import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { defaultDataFile } from '../data-file.ts';
import { nearest } from '../nearest.ts';
import { useColors } from '../output.ts';
import { nodeOptions, overriddenVariables, telemetryEnvironment } from '../run/environment.ts';
import {
  atLeast,
  collectNames,
  collectPairs,
  oneOf,
  parseBytes,
  parseDurationMs,
  parsePort,
  parseQuantile,
  parseTimeMs,
  parseUrl,
} from './parsers.ts';
import { defaultUrl, withoutUndefined } from './query-options.ts';

test.each([
  ['250ms', 250],
  ['1.5s', 1500],
  ['15m', 900_000],
  ['2h', 7_200_000],
  ['7d', 604_800_000],
])('duration %s', (text, expected) => {
  expect(parseDurationMs(text)).toBe(expected);
});

test.each(['', '15', 'm', '-1s', '15 minutes', '1e3s', '15M'])(
  'duration %j is refused with what is allowed',
  (text) => {
    expect(() => parseDurationMs(text)).toThrow('ms, s, m, h, d');
  },
);

test('a time is how long ago, or a date', () => {
  const ago = Date.now() - parseTimeMs('15m');
  expect(ago).toBeGreaterThanOrEqual(900_000);
  expect(ago).toBeLessThan(910_000);
  expect(parseTimeMs('2026-01-31T14:05:00Z')).toBe(Date.UTC(2026, 0, 31, 14, 5));
  for (const text of ['yesterday', '2026-13-01', '1767225600', '15x']) expect(() => parseTimeMs(text)).toThrow(/^Use /);
});

test.each([
  ['500MB', 500_000_000],
  ['2gb', 2_000_000_000],
  ['1.5 KB', 1500],
])('size %s', (text, expected) => {
  expect(parseBytes(text)).toBe(expected);
});

test.each<[string, (text: string) => unknown, string]>([
  ['12', parseBytes, 'Use a number and a unit'],
  ['59s', atLeast('1m', parseDurationMs), 'Use at least 1m.'],
  ['70000', parsePort, 'from 0 to 65535'],
  ['80a', parsePort, 'from 0 to 65535'],
  ['95', parseQuantile, 'from 0 to 1'],
  ['route', collectPairs, 'key=value'],
  ['=x', collectPairs, 'key=value'],
  ['eror', oneOf(['ok', 'error']), 'Use one of ok, error. Did you mean error?'],
  ['127.0.0.1:4319', parseUrl, 'http://127.0.0.1:4319'],
])('%j is refused with what is allowed', (text, parse, message) => {
  expect(() => parse(text)).toThrow(message);
});

test('repeated options add up; a value may contain =', () => {
  expect(collectPairs('b=c=d', collectPairs('a=1'))).toEqual({ a: '1', b: 'c=d' });
  expect(collectNames('c', collectNames('a, b,'))).toEqual(['a', 'b', 'c']);
});

test('words may be upper case, addresses may end in a slash', () => {
  expect(oneOf(['ok', 'error'])('ERROR')).toBe('error');
  expect(parseUrl('http://localhost:4319/')).toBe('http://localhost:4319');
});

test('the default server follows the variables that move `up`', () => {
  expect(defaultUrl({})).toBe('http://127.0.0.1:4319');
  expect(defaultUrl({ CRMBET_OTEL_HOST: '0.0.0.0', CRMBET_OTEL_UI_PORT: '8080' })).toBe('http://127.0.0.1:8080');
  expect(defaultUrl({ CRMBET_OTEL_HOST: '::1' })).toBe('http://[::1]:4319');
});

test('what is not set is left out of a query', () => {
  expect(Object.keys(withoutUndefined({ a: 1, b: undefined, c: '' }))).toEqual(['a', 'c']);
});

test('the data file follows the platform', () => {
  const file = (platform: NodeJS.Platform, environment: Record<string, string>) =>
    defaultDataFile(platform, environment);
  expect(file('linux', {})).toBe(join(homedir(), '.local/share/crmbet-otel/telemetry.duckdb'));
  expect(file('linux', { XDG_DATA_HOME: '/x' })).toBe('/x/crmbet-otel/telemetry.duckdb');
  expect(file('darwin', {})).toBe(join(homedir(), 'Library/Application Support/crmbet-otel/telemetry.duckdb'));
  expect(file('win32', { LOCALAPPDATA: '/l' })).toBe('/l/crmbet-otel/telemetry.duckdb');
});

test.each<[boolean, Record<string, string>, boolean]>([
  [true, {}, true],
  [false, {}, false],
  [true, { TERM: 'dumb' }, false],
  [true, { NO_COLOR: '1' }, false],
  [true, { NO_COLOR: '' }, true],
  [false, { FORCE_COLOR: '1' }, true],
  [true, { FORCE_COLOR: '0' }, false],
  [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  [false, { CI: 'true' }, false],
])('colours: terminal %s, %j: %s', (isTerminal, environment, expected) => {
  expect(useColors(isTerminal, environment)).toBe(expected);
});

test('similar words, the most similar first', () => {
  const names = ['http_requests_total', 'http_request_duration_seconds', 'db_connections_active'];
  expect(nearest('http_request_total', names)[0]).toBe('http_requests_total');
  expect(nearest('trace', ['trccs', 'traces'])).toEqual(['traces', 'trccs']);
  expect(nearest('zzz', names)).toEqual([]);
  expect(nearest('connections', names)).toEqual(['db_connections_active']);
});

describe('the environment of a command', () => {
  const endpoint = 'http://127.0.0.1:4318';

  test('preloads first, sends here, and keeps what else is there', () => {
    const environment = telemetryEnvironment({ A: 'b', NODE_OPTIONS: '--max-old-space-size=512' }, endpoint);
    expect(environment).toMatchObject({
      A: 'b',
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_METRIC_EXPORT_INTERVAL: '2000',
      OTEL_METRIC_EXPORT_TIMEOUT: '2000',
    });
    expect(environment['NODE_OPTIONS']).toMatch(/^--require ".*\.js" --max-old-space-size=512$/);
    expect(telemetryEnvironment(environment, endpoint)['NODE_OPTIONS']).toBe(environment['NODE_OPTIONS']);
  });

  test('intervals that the user chose stay', () => {
    const environment = telemetryEnvironment(
      { OTEL_METRIC_EXPORT_INTERVAL: '500', OTEL_BSP_SCHEDULE_DELAY: '9' },
      endpoint,
    );
    expect(environment).toMatchObject({ OTEL_METRIC_EXPORT_INTERVAL: '500', OTEL_BSP_SCHEDULE_DELAY: '9' });
    expect(environment).not.toHaveProperty('OTEL_METRIC_EXPORT_TIMEOUT');
  });

  test('endpoints that would send elsewhere are replaced, and named', () => {
    const user = {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://elsewhere:4318/v1/traces',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    };
    expect(telemetryEnvironment(user, endpoint)).not.toHaveProperty('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT');
    expect(overriddenVariables(user)).toEqual(['OTEL_EXPORTER_OTLP_PROTOCOL', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']);
  });

  test('a path with spaces, quotes and backslashes is quoted as Node.js reads it', () => {
    expect(nodeOptions(undefined, 'C:\\my "apps"\\x.js')).toBe(String.raw`--require "C:\\my \"apps\"\\x.js"`);
  });
});
