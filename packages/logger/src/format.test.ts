import winston from 'winston';
import TransportStream from 'winston-transport';
import { expect, it } from 'vitest';
import { crmbetFormat } from './index.ts';
import type { Line } from './support.test.helper.ts';

const MESSAGE = Symbol.for('message');

function appLogger(format: winston.Logform.Format): { logger: winston.Logger; lines: Line[] } {
  const lines: Line[] = [];
  const log = (info: Record<symbol, string>, next: () => void): void => {
    lines.push(JSON.parse(info[MESSAGE] ?? '') as Line);
    next();
  };
  return { logger: winston.createLogger({ format, transports: [new TransportStream({ log })] }), lines };
}

const error = Object.assign(new TypeError('broken', { cause: new Error('root') }), { code: 'E_BROKEN' });

it('gives the records of an application logger all fields, and serialises them last', () => {
  const { logger, lines } = appLogger(crmbetFormat({ service: 'app', version: '2.0.0', environment: 'test' }));
  logger.info('hello', { userId: 'u1', n: 1n });
  expect(lines[0]).toMatchObject({
    level: 'info',
    message: 'hello',
    userId: 'u1',
    n: '1',
    service: 'app',
    version: '2.0.0',
  });
  expect(Object.keys(lines[0] ?? {}).slice(0, 8)).toEqual([
    'timestamp',
    'level',
    'message',
    'service',
    'version',
    'environment',
    'hostname',
    'pid',
  ]);
});

it('stands at the end of a combination', () => {
  const { splat, colorize, timestamp, errors, combine } = winston.format;
  const { logger, lines } = appLogger(
    combine(errors({ stack: true }), splat(), timestamp({ format: 'HH' }), colorize(), crmbetFormat()),
  );
  logger.warn('%s has %d', 'u1', 7, { userId: 'u1' });
  expect(lines[0]).toMatchObject({ level: 'warn', message: 'u1 has 7', userId: 'u1' });
  expect(lines[0]?.['timestamp']).toMatch(/^\d{4}-.*Z$/);
});

it.each<[string, (logger: winston.Logger) => void]>([
  ['after the message', (l) => l.error('it is', error)],
  ['alone', (l) => l.error(error)],
  ['as message of a log call', (l) => l.log('error', error as never)],
  ['in the field error', (l) => l.error('it is', { error })],
])('keeps name, code, stack and causes of an error %s', (_name, log) => {
  const { logger, lines } = appLogger(crmbetFormat());
  log(logger);
  expect(lines[0]).toMatchObject({
    level: 'error',
    error: expect.stringContaining('Caused by: Error: root') as string,
    errorDetails: { name: 'TypeError', message: 'broken', code: 'E_BROKEN', cause: { message: 'root' } },
  });
  expect(lines[0]?.['message']).toContain(lines[0]?.['message'] === 'it is' ? 'it is' : 'broken');
  expect(lines[0]).not.toHaveProperty('stack');
});

it('keeps the stack that another format made of an error', () => {
  const { logger, lines } = appLogger(winston.format.combine(winston.format.errors({ stack: true }), crmbetFormat()));
  logger.error(new Error('broken'));
  expect(lines[0]?.['message']).toBe('broken');
  expect(lines[0]?.['error']).toMatch(/^Error: broken\n {4}at /);
});

it('takes what a child binds', () => {
  const { logger, lines } = appLogger(crmbetFormat({ service: 'app' }));
  logger.child({ service: 'worker', jobId: 7 }).info('m');
  expect(lines[0]).toMatchObject({ service: 'worker', jobId: 7 });
});
