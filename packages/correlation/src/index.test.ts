import { ROOT_CONTEXT, context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  correlationIdFromHeaders,
  createCorrelationId,
  getCorrelationId,
  getExplicitCorrelationId,
  isValidCorrelationId,
  setCorrelationId,
  withCorrelationId,
} from './index.ts';

describe('without a context manager', () => {
  it('runs the function and knows no ID', () => {
    expect(withCorrelationId('order-7', () => getCorrelationId())).toBeUndefined();
  });
});

describe('in the OpenTelemetry context', () => {
  beforeAll(() => context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
  afterAll(() => context.disable());

  it('follows asynchronous work and ends with it', async () => {
    const seen = await withCorrelationId('order-7', async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return getCorrelationId();
    });
    expect(seen).toBe('order-7');
    expect(getCorrelationId()).toBeUndefined();
  });

  it('reads a given context', () => {
    expect(getCorrelationId(setCorrelationId(ROOT_CONTEXT, 'a'))).toBe('a');
  });

  it('falls back to the ID of the trace, which is not an ID that was set', () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const traced = trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId: 'b7ad6b7169203331', traceFlags: 1 });
    expect(getCorrelationId(traced)).toBe(traceId);
    expect(getExplicitCorrelationId(traced)).toBeUndefined();
    expect(getCorrelationId(setCorrelationId(traced, 'order-7'))).toBe('order-7');
  });

  it('shares the key with other copies of the package', () => {
    const foreign = ROOT_CONTEXT.setValue(Symbol.for('crmbet.correlation_id'), 'from-another-copy');
    expect(getCorrelationId(foreign)).toBe('from-another-copy');
  });

  it('refuses an invalid ID by name of the rule', () => {
    expect(() => withCorrelationId('a b', () => 1)).toThrow(/1 to 128 characters/);
  });
});

describe('isValidCorrelationId', () => {
  it.each(['a', '7', 'A-Z_0.9:x', 'x'.repeat(128), createCorrelationId()])('takes %s', (value) => {
    expect(isValidCorrelationId(value)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['a leading dash', '-a'],
    ['a space', 'a b'],
    ['a line break', 'a\r\nSet-Cookie: x'],
    ['a trailing line break', 'a\n'],
    ['markup', '<script>'],
    ['other alphabets', 'ação'],
    ['129 characters', 'x'.repeat(129)],
    ['a megabyte', 'x'.repeat(1_000_000)],
    ['a number', 7],
    ['a list', ['a']],
    ['undefined', undefined],
  ])('refuses %s', (_, value) => {
    expect(isValidCorrelationId(value)).toBe(false);
  });
});

describe('correlationIdFromHeaders', () => {
  it('takes X-Correlation-ID before X-Request-ID', () => {
    expect(correlationIdFromHeaders({ 'x-request-id': 'r', 'x-correlation-id': 'c' })).toBe('c');
  });

  it('takes X-Request-ID when the other is absent or invalid', () => {
    expect(correlationIdFromHeaders({ 'x-request-id': 'r' })).toBe('r');
    expect(correlationIdFromHeaders({ 'x-correlation-id': 'not valid', 'x-request-id': 'r' })).toBe('r');
  });

  it('gives nothing when no header is valid', () => {
    expect(correlationIdFromHeaders({ 'x-correlation-id': ['a', 'b'], host: 'h' })).toBeUndefined();
  });
});
