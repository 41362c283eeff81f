import { createNoopMeter, metrics, type Attributes } from '@opentelemetry/api';
import { expect, it, onTestFinished } from 'vitest';
import { createLogger } from './index.ts';
import { captureStderr } from './support.test.helper.ts';

it('counts what was dropped, also when the meter provider comes after the first drop', async () => {
  captureStderr();
  const logger = createLogger({ directory: false, console: false });
  await logger.close();
  logger.info('nobody counts');
  const counted: [string, number, Attributes | undefined][] = [];
  const meter = Object.assign(createNoopMeter(), {
    createCounter: (name: string) => ({
      add: (value: number, attributes?: Attributes) => counted.push([name, value, attributes]),
    }),
  });
  metrics.setGlobalMeterProvider({ getMeter: () => meter });
  onTestFinished(() => metrics.disable());
  logger.info('late');
  logger.error('late');
  const drop = ['crmbet.logger.dropped', 1, { route: 'logger', reason: 'closed' }];
  expect(counted).toEqual([drop, drop]);
});
