import { context, logs, SeverityNumber, trace, TraceFlags, ROOT_CONTEXT } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { setCorrelationId } from '@crmbet/correlation';
import winston from 'winston';
import TransportStream from 'winston-transport';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createLogger, crmbetFormat, otlpTransport, type Logger } from './index.ts';
import { captureStderr } from './support.test.helper.ts';

const span = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: TraceFlags.SAMPLED };
const requestContext = setCorrelationId(trace.setSpanContext(ROOT_CONTEXT, span), 'order-7');

beforeEach(() => context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
afterEach(() => {
  context.disable();
  logs.disable();
});

function registerProvider(): { records(): ReadableLogRecord[] } {
  const exporter = new InMemoryLogRecordExporter();
  logs.setGlobalLoggerProvider(new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] }));
  return { records: () => exporter.getFinishedLogRecords() };
}

function quietLogger(): Logger {
  const logger = createLogger({ service: 'bets', directory: false, console: false, level: 'silly' });
  onTestFinished(() => logger.close());
  return logger;
}

it('sends a record once, with time, severity, body, attributes and the context of the call', () => {
  const { records } = registerProvider();
  const logger = quietLogger();
  const before = Date.now();
  context.with(requestContext, () => logger.logTransaction('t1', 'u1', 'deposit', 12.5));
  const [record, ...others] = records();
  expect(others).toEqual([]);
  expect(record?.body).toBe('Transaction processed');
  expect(record?.severityNumber).toBe(SeverityNumber.INFO);
  expect(record?.severityText).toBe('info');
  expect(record?.spanContext).toMatchObject({ traceId: span.traceId, spanId: span.spanId });
  expect(record?.attributes).toMatchObject({
    correlationId: 'order-7',
    transactionId: 't1',
    userId: 'u1',
    type: 'deposit',
    amount: 12.5,
    category: 'transaction',
    service: 'bets',
  });
  expect(record?.attributes).not.toHaveProperty('trace_id');
  expect(record?.instrumentationScope.name).toBe('@crmbet/logger');
  const [seconds, nanos] = record?.hrTime ?? [0, 0];
  expect(seconds * 1_000 + nanos / 1e6).toBeGreaterThanOrEqual(before - 1);
  expect(seconds * 1_000 + nanos / 1e6).toBeLessThanOrEqual(Date.now() + 1);
});

it('keeps the context of the call when winston comes round to it later, under another one', async () => {
  const { records } = registerProvider();
  const logger = quietLogger();
  logger.winston.add(new TransportStream({ log: (_info: unknown, next: () => void) => void setImmediate(next) }));
  for (let i = 0; i < 100; i += 1) {
    const own = { ...span, spanId: String(i + 1).padStart(16, '0') };
    context.with(trace.setSpanContext(ROOT_CONTEXT, own), () => logger.info(`m${i}`));
  }
  await logger.close();
  const seen = records().map((record) => [record.body, record.spanContext?.spanId]);
  expect(seen).toEqual(Array.from({ length: 100 }, (_, i) => [`m${i}`, String(i + 1).padStart(16, '0')]));
});

it('makes attributes that can be filtered by', () => {
  const { records } = registerProvider();
  quietLogger().info('m', {
    details: { ip: '::1', geo: { city: 'Recife' } },
    tags: ['a', 1],
    items: [{ sku: 1 }],
    none: {},
  });
  expect(records()[0]?.attributes).toMatchObject({
    'details.ip': '::1',
    'details.geo.city': 'Recife',
    tags: ['a', 1],
    items: '[{"sku":1}]',
    none: {},
  });
});

it('sends an error as exception attributes', () => {
  const { records } = registerProvider();
  const error = Object.assign(new RangeError('too far', { cause: new Error('root') }), { code: 'E_FAR' });
  quietLogger().error('failed', error);
  const attributes = records()[0]?.attributes ?? {};
  expect(attributes).toMatchObject({
    'exception.type': 'RangeError',
    'exception.message': 'too far',
    'errorDetails.code': 'E_FAR',
    'errorDetails.cause.message': 'root',
  });
  expect(attributes['exception.stacktrace']).toMatch(/^RangeError: too far\n[\s\S]+\nCaused by: Error: root\n/);
  expect(attributes).not.toHaveProperty('error');
});

it('says how many attributes were cut', () => {
  const { records } = registerProvider();
  quietLogger().info('m', Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`k${i}`, i])));
  const attributes = records()[0]?.attributes ?? {};
  expect(Object.keys(attributes)).toHaveLength(128);
  // service, version, environment, hostname and pid come first.
  expect(attributes['crmbet.attributes_cut']).toBe(200 - (127 - 5));
});

it.each([
  ['error', SeverityNumber.ERROR],
  ['warn', SeverityNumber.WARN],
  ['info', SeverityNumber.INFO],
  ['http', SeverityNumber.DEBUG3],
  ['debug', SeverityNumber.DEBUG],
  ['silly', SeverityNumber.TRACE],
] as const)('maps level %s to severity %i', (level, severity) => {
  const { records } = registerProvider();
  quietLogger().log(level, 'm');
  expect(records().map((record) => [record.severityText, record.severityNumber])).toEqual([[level, severity]]);
});

it('does nothing without a provider, and sends when one comes or is replaced', () => {
  const logger = quietLogger();
  logger.info('nobody');
  const first = registerProvider();
  logger.info('first');
  logs.disable();
  const second = registerProvider();
  logger.info('second');
  expect(first.records().map((record) => record.body)).toEqual(['first']);
  expect(second.records().map((record) => record.body)).toEqual(['second']);
});

it('survives a provider that throws, and says so once', () => {
  const stderr = captureStderr();
  logs.setGlobalLoggerProvider({
    getLogger: () => ({
      enabled: () => true,
      emit: () => {
        throw new Error('exporter is upset');
      },
    }),
  });
  const logger = quietLogger();
  expect(() => logger.info('m')).not.toThrow();
  logger.info('m');
  expect(stderr.text().match(/exporter is upset/g)).toHaveLength(1);
});

describe('for an application with a winston logger', () => {
  const appLogger = (format?: winston.Logform.Format): winston.Logger =>
    winston.createLogger({
      ...(format === undefined ? {} : { format }),
      defaultMeta: { service: 'own-app' },
      transports: [otlpTransport({ level: 'warn' })],
    });

  it.each<[string, winston.Logform.Format | undefined]>([
    ['with its own format', winston.format.combine(winston.format.timestamp(), winston.format.json())],
    ['with colours', winston.format.combine(winston.format.colorize(), winston.format.simple())],
    ['with our format', crmbetFormat()],
    ['without one', undefined],
  ])('sends its records once, %s', (_name, format) => {
    const { records } = registerProvider();
    const logger = appLogger(format);
    context.with(requestContext, () => logger.warn('low funds', { userId: 'u1' }));
    logger.info('below the level');
    expect(records()).toHaveLength(1);
    expect(records()[0]).toMatchObject({
      body: 'low funds',
      severityText: 'warn',
      severityNumber: SeverityNumber.WARN,
    });
    expect(records()[0]?.attributes).toMatchObject({ userId: 'u1', service: 'own-app', correlationId: 'order-7' });
    expect(records()[0]?.spanContext?.traceId).toBe(span.traceId);
  });

  it('keeps the context that was captured for it', () => {
    const { records } = registerProvider();
    const logger = appLogger();
    logger.write({
      level: 'warn',
      message: 'm',
      [Symbol.for('level')]: 'warn',
      [Symbol.for('opentelemetry.js.contrib.winston.context')]: requestContext,
    });
    expect(records()[0]?.spanContext?.spanId).toBe(span.spanId);
    expect(records()[0]?.attributes['correlationId']).toBe('order-7');
  });
});

it('marks its transports, so that nobody adds a second one', () => {
  const mark = Symbol.for('crmbet.logger.otlp');
  expect(Reflect.get(otlpTransport(), mark)).toBe(true);
  const marked = quietLogger().winston.transports.filter((transport) => mark in transport);
  expect(marked).toHaveLength(1);
});
