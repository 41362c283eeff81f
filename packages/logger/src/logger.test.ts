import { hostname } from 'node:os';
import { context, trace, TraceFlags, ROOT_CONTEXT } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { withCorrelationId } from '@crmbet/correlation';
import TransportStream from 'winston-transport';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createLogger, type Logger, type LoggerOptions } from './index.ts';
import { captureStderr, readRecords, temporaryFolder, type Line } from './support.test.helper.ts';

interface Harness {
  logger: Logger;
  folder: string;
  /** Closes the logger and reads its application file. */
  records(): Promise<Line[]>;
}

async function harness(options: LoggerOptions = {}): Promise<Harness> {
  const folder = await temporaryFolder();
  const logger = createLogger({ service: 'bets', directory: folder, console: false, ...options });
  onTestFinished(() => logger.close());
  const records = async (): Promise<Line[]> => {
    await logger.close();
    return readRecords(folder);
  };
  return { logger, folder, records };
}

async function onlyRecord(use: (logger: Logger) => void): Promise<Line> {
  const { logger, records } = await harness();
  use(logger);
  const [record, ...others] = await records();
  expect(others).toEqual([]);
  return record ?? {};
}

describe('the methods of the specification', () => {
  it.each<[string, (logger: Logger) => void, Line]>([
    ['info', (l) => l.info('a', { x: 1 }), { level: 'info', message: 'a', x: 1 }],
    ['warn', (l) => l.warn('a', { x: 1 }), { level: 'warn', message: 'a', x: 1 }],
    [
      'logUserAction',
      (l) => l.logUserAction('u1', 'login', { ip: '::1' }),
      {
        level: 'info',
        message: 'User action',
        userId: 'u1',
        action: 'login',
        details: { ip: '::1' },
        category: 'user_action',
      },
    ],
    [
      'logTransaction',
      (l) => l.logTransaction('t1', 'u1', 'deposit', 12.5),
      {
        level: 'info',
        message: 'Transaction processed',
        transactionId: 't1',
        userId: 'u1',
        type: 'deposit',
        amount: 12.5,
        category: 'transaction',
      },
    ],
    [
      'logMLPrediction',
      (l) => l.logMLPrediction('u1', 'churn', { churn: true }, 0.93),
      {
        level: 'info',
        message: 'ML prediction generated',
        userId: 'u1',
        modelType: 'churn',
        prediction: { churn: true },
        confidence: 0.93,
        category: 'ml_prediction',
      },
    ],
    [
      'logSecurityEvent',
      (l) => l.logSecurityEvent('brute_force'),
      { level: 'warn', message: 'Security event', eventType: 'brute_force', category: 'security' },
    ],
    [
      'logAPICall',
      (l) => l.logAPICall('GET', '/users/:id', 12, 200, 'u1'),
      {
        level: 'info',
        message: 'API call',
        method: 'GET',
        endpoint: '/users/:id',
        responseTime: 12,
        statusCode: 200,
        userId: 'u1',
        category: 'api_call',
      },
    ],
  ])('%s writes exactly its fields', async (_name, use, expected) => {
    const { timestamp, service, version, environment, hostname: host, pid, ...own } = await onlyRecord(use);
    expect(own).toEqual(expected);
    expect(new Date(String(timestamp)).toISOString()).toBe(timestamp);
    expect({ service, version, environment }).toEqual({ service: 'bets', version: '1.0.0', environment: 'test' });
    expect({ host, pid }).toEqual({ host: hostname(), pid: process.pid });
  });

  it('writes errors to the error file too, and only those', async () => {
    const { logger, folder, records } = await harness();
    logger.info('fine');
    logger.error('broken');
    await records();
    expect(readRecords(folder, 'error-').map((record) => record['message'])).toEqual(['broken']);
  });
});

describe('errors', () => {
  const inner = new TypeError('inner');
  const outer = Object.assign(new Error('outer', { cause: inner }), { code: 'E_OUTER', table: 'users' });

  it('keep name, message, stack, code, own fields and causes, whatever the fields say', async () => {
    const record = await onlyRecord((l) => l.error('failed', outer, { error: 'mine', userId: 'u1' }));
    expect(record['error']).toBe(`${outer.stack}\nCaused by: ${inner.stack}`);
    expect(record['errorDetails']).toEqual({
      name: 'Error',
      message: 'outer',
      code: 'E_OUTER',
      table: 'users',
      cause: { name: 'TypeError', message: 'inner', stack: inner.stack },
    });
    expect(record).toMatchObject({ message: 'failed', userId: 'u1', meta: { error: 'mine' } });
  });

  it.each<[string, (logger: Logger) => void]>([
    ['in the field error', (l) => l.error('failed', undefined, { error: outer })],
    ['in place of the fields', (l) => l.warn('failed', outer)],
    ['in the field error of a warning', (l) => l.warn('failed', { error: outer })],
  ])('are understood %s', async (_name, use) => {
    const record = await onlyRecord(use);
    expect(record['error']).toContain(outer.stack);
    expect(record).toMatchObject({ message: 'failed', errorDetails: { code: 'E_OUTER' } });
  });

  it('may be anything that was thrown', async () => {
    expect(await onlyRecord((l) => l.error('failed', 'a text'))).toMatchObject({ error: 'a text' });
    expect(await onlyRecord((l) => l.error('failed', 42n, {}))).toMatchObject({ error: '42' });
    expect(await onlyRecord((l) => l.error('failed', { reason: 1 }, {}))).toMatchObject({ error: '{"reason":1}' });
  });

  it('gives way to fields where the second argument is a plain object', async () => {
    const record = await onlyRecord((l) => l.error('failed', { userId: 'u1' }));
    expect(record).toMatchObject({ message: 'failed', userId: 'u1' });
    expect(record).not.toHaveProperty('error');
  });

  it('with a cycle of causes and a stack that throws are written', async () => {
    const error: Error & { cause?: unknown } = new Error('round');
    error.cause = error;
    const broken = Object.defineProperty(new Error('no stack'), 'stack', {
      get: () => {
        throw new Error('unreadable');
      },
    });
    expect(await onlyRecord((l) => l.error('failed', error))).toMatchObject({ errorDetails: { cause: '[Circular]' } });
    expect(await onlyRecord((l) => l.error('failed', broken))).toMatchObject({ error: '[Throws: unreadable]' });
  });
});

describe('fields', () => {
  it('cannot overwrite the envelope, and are not lost', async () => {
    const record = await onlyRecord((l) =>
      l.info('m', { level: 'gold', message: 'x', timestamp: 1, pid: 2, service: 'y' }),
    );
    expect(record).toMatchObject({ level: 'info', message: 'm', service: 'bets', pid: process.pid });
    expect(record['meta']).toEqual({ level: 'gold', message: 'x', timestamp: 1, pid: 2, service: 'y' });
  });

  it('may be no object at all', async () => {
    expect(await onlyRecord((l) => l.info('m', [1, 2]))).toMatchObject({ meta: [1, 2] });
    expect(await onlyRecord((l) => l.info('m', 7))).toMatchObject({ meta: 7 });
    expect(await onlyRecord((l) => l.info('m', new Map([['a', 1]])))).toMatchObject({ meta: { a: 1 } });
    expect(await onlyRecord((l) => l.info('m', null))).not.toHaveProperty('meta');
  });

  it('of a child are bound, the call wins', async () => {
    const record = await onlyRecord((l) => l.child({ a: 1, b: 1 }).child({ b: 2, c: 2 }).info('m', { c: 3 }));
    expect(record).toMatchObject({ a: 1, b: 2, c: 3 });
  });
});

describe('the IDs', () => {
  beforeAll(() => context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
  afterAll(() => context.disable());
  const spanContext = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: TraceFlags.SAMPLED };

  it('come from the context of the call', async () => {
    const record = await onlyRecord((l) =>
      context.with(trace.setSpanContext(ROOT_CONTEXT, spanContext), () =>
        withCorrelationId('order-7', () => l.info('m', { correlationId: 'forged', trace_id: 'forged' })),
      ),
    );
    expect(record).toMatchObject({ correlationId: 'order-7', trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16) });
    expect(record['meta']).toEqual({ correlationId: 'forged', trace_id: 'forged' });
  });

  it('are left out where there are none, or taken from the caller', async () => {
    const none = await onlyRecord((l) => l.info('m'));
    expect(Object.keys(none)).not.toEqual(expect.arrayContaining(['correlationId']));
    expect(Object.keys(none)).not.toEqual(expect.arrayContaining(['trace_id']));
    const record = await onlyRecord((l) => l.child({ correlationId: 'bound' }).info('m', { correlationId: 'own' }));
    expect(record['correlationId']).toBe('own');
  });

  it('and the values are those of the call, however late winston gets round to it', async () => {
    const { logger, records } = await harness();
    const slow = new TransportStream({ log: (_info: unknown, next: () => void) => void setImmediate(next) });
    logger.winston.add(slow);
    const state = { step: 0 };
    for (let i = 0; i < 200; i += 1) {
      state.step = i;
      withCorrelationId(`c${i}`, () => logger.info('m', { state }));
    }
    const seen = await records();
    expect(seen.map((record) => record['correlationId'])).toEqual(Array.from({ length: 200 }, (_, i) => `c${i}`));
    expect(seen.map((record) => (record['state'] as { step: number }).step)).toEqual(
      Array.from({ length: 200 }, (_, i) => i),
    );
  });
});

describe('the level', () => {
  it('is changed while running, for children and files too', async () => {
    const { logger, records } = await harness({ level: 'warn' });
    const child = logger.child({});
    child.info('no');
    logger.level = 'debug';
    child.debug('yes');
    expect(logger.isLevelEnabled('silly')).toBe(false);
    logger.level = 'error';
    child.warn('no');
    expect((await records()).map((record) => record['message'])).toEqual(['yes']);
  });

  it('is said once with what is allowed and what is used when it is wrong', async () => {
    const stderr = captureStderr();
    const { logger } = await harness({ level: 'loud' as never });
    expect(logger.level).toBe('info');
    logger.level = 'LOUDER' as never;
    logger.level = 'LOUDER' as never;
    expect(stderr.text()).toBe(
      '[crmbet-logger] option level="loud" is not a level; allowed: error, warn, info, http, verbose, debug, silly; using info\n' +
        '[crmbet-logger] level="LOUDER" is not a level; allowed: error, warn, info, http, verbose, debug, silly; using info\n',
    );
  });
});

describe('trouble', () => {
  it('with the folder is one line, and the logger goes on', async () => {
    const stderr = captureStderr();
    const logger = createLogger({ directory: '/dev/null/logs', console: false });
    expect(() => logger.info('m')).not.toThrow();
    await logger.close();
    expect(stderr.text()).toMatch(
      /^\[crmbet-logger\] no log files: the folder \/dev\/null\/logs cannot be written \(.*\); set option directory\n$/,
    );
  });

  it('in a transport of the application is one line, and the others go on', async () => {
    const stderr = captureStderr();
    const { logger, records } = await harness();
    const broken = new TransportStream({ log: () => undefined });
    logger.winston.add(broken);
    broken.emit('error', new Error('down'));
    logger.info('m');
    logger.winston.remove(broken);
    expect(await records()).toHaveLength(1);
    expect(stderr.text()).toContain('a transport failed: down');
  });

  it('after close() is a record dropped, said once', async () => {
    const stderr = captureStderr();
    const { logger, records } = await harness();
    await logger.close();
    logger.info('late');
    logger.child({}).info('late');
    logger.winston.info('late');
    expect(await records()).toEqual([]);
    expect(stderr.text().match(/after close\(\)/g)).toHaveLength(1);
  });
});

it('writes the same record for what is logged on the winston logger underneath', async () => {
  const { logger, records } = await harness();
  logger.winston.info('direct', { userId: 'u1' });
  expect(await records()).toMatchObject([{ level: 'info', message: 'direct', userId: 'u1', service: 'bets' }]);
});

it('takes the values of the environment, the options over them', async () => {
  const saved = { ...process.env };
  onTestFinished(() => {
    process.env = saved;
  });
  Object.assign(process.env, {
    APP_VERSION: '9.1.0',
    NODE_ENV: 'staging',
    OTEL_SERVICE_NAME: 'from-env',
    LOG_LEVEL: 'Debug',
  });
  const folder = await temporaryFolder();
  const logger = createLogger({ directory: folder, console: false, version: '9.2.0' });
  logger.debug('m');
  await logger.close();
  expect(readRecords(folder)).toMatchObject([{ service: 'from-env', version: '9.2.0', environment: 'staging' }]);
});
