import { context, trace, TraceFlags } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { setCorrelationId } from '@crmbet/correlation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMetricsCollector } from './collector.ts';
import type { MetricsCollector } from './collector.ts';
import type { MeasurementOrigin } from './exemplars.ts';
import type { Exemplar } from './snapshot.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';

function create(options: { exemplars?: boolean } = {}): MetricsCollector {
  let time = 1_700_000_000_000;
  return createMetricsCollector({ defaultMetrics: false, now: () => (time += 1), ...options });
}

function inTrace(fn: () => void, traceFlags = TraceFlags.SAMPLED, correlationId = 'order-7'): void {
  const span = trace.wrapSpanContext({ traceId: TRACE_ID, spanId: SPAN_ID, traceFlags });
  context.with(setCorrelationId(trace.setSpan(context.active(), span), correlationId), fn);
}

function recent(collector: MetricsCollector, exemplars?: 'take' | 'peek' | 'none'): readonly Exemplar[] {
  return collector.snapshot(exemplars && { exemplars })[0]?.series[0]?.exemplars ?? [];
}

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterAll(() => {
  context.disable();
});

describe('exemplars', () => {
  it('carry the active sampled span and the correlation ID', () => {
    const collector = create();
    inTrace(() => collector.trackDBQuery('SELECT', 'users', 0.02));
    expect(recent(collector)).toEqual([
      { value: 0.02, timeUnixMs: 1_700_000_000_002, traceId: TRACE_ID, spanId: SPAN_ID, correlationId: 'order-7' },
    ]);
  });

  it.each<[string, (collector: MetricsCollector) => void]>([
    ['outside of a trace', (c) => c.trackDBQuery('SELECT', 'users', 0.02)],
    ['in a trace that is not sampled', (c) => inTrace(() => c.trackDBQuery('SELECT', 'users', 0.02), TraceFlags.NONE)],
  ])('there are none %s', (_name, act) => {
    const collector = create();
    act(collector);
    expect(collector.snapshot()[0]?.series).toHaveLength(1);
    expect(recent(collector)).toEqual([]);
  });

  it('can be turned off, from the start and later', () => {
    const off = create({ exemplars: false });
    inTrace(() => off.trackCacheHit('redis', 'user'));
    expect(recent(off)).toEqual([]);
    const on = create();
    on.setExemplars(false);
    inTrace(() => on.trackCacheHit('redis', 'user'));
    expect(recent(on)).toEqual([]);
  });

  it('come from the origin that is given, not from what runs', () => {
    const collector = create();
    const origin = { traceId: 'f'.repeat(32), spanId: 'e'.repeat(16), traceFlags: 1, correlationId: 'job-1' };
    inTrace(() => collector.trackCacheHit('redis', 'user', origin));
    expect(recent(collector)).toMatchObject([{ traceId: 'f'.repeat(32), correlationId: 'job-1' }]);
  });

  it.each<[string, unknown]>([
    ['a number', 1],
    ['null', null],
    ['an object without a trace', { traceFlags: 1, spanId: 'a' }],
    ['an object without a span', { traceFlags: 1, traceId: 'a' }],
    ['text', 'trace'],
  ])('are not made of %s', async (_name, origin) => {
    const collector = create();
    collector.trackCacheHit('redis', 'user', origin as MeasurementOrigin);
    expect(recent(collector)).toEqual([]);
    expect(await collector.getMetrics('openmetrics')).toContain(
      'cache_hits_total{cache_layer="redis",key_type="user"} 1\n',
    );
  });

  it('have no correlation ID where none that is text was given', () => {
    const collector = create();
    const origin = {
      traceId: 'f'.repeat(32),
      spanId: 'e'.repeat(16),
      traceFlags: 1,
      correlationId: 7 as unknown as string,
    };
    collector.trackCacheHit('redis', 'user', origin);
    expect(recent(collector)).toMatchObject([{ correlationId: '' }]);
  });

  it('keeps the last 32 of a series, oldest first, until they are taken', () => {
    const collector = create();
    inTrace(() => {
      for (let n = 0; n < 50; n += 1) collector.trackDBQuery('SELECT', 'users', n);
    });
    const expected = Array.from({ length: 32 }, (_, index) => index + 18);
    expect(recent(collector).map(({ value }) => value)).toEqual(expected);
    expect(recent(collector, 'none')).toEqual([]);
    expect(recent(collector, 'take').map(({ value }) => value)).toEqual(expected);
    expect(recent(collector)).toEqual([]);
    inTrace(() => collector.trackDBQuery('SELECT', 'users', 7));
    expect(recent(collector).map(({ value }) => value)).toEqual([7]);
  });

  it('are bounded over all series, and taking them makes room', () => {
    const collector = create();
    const record = (): void => {
      inTrace(() => {
        for (let table = 0; table < 300; table += 1) {
          for (let n = 0; n < 32; n += 1) collector.trackDBQuery('SELECT', `table-${table}`, n);
        }
      });
    };
    const held = (): number =>
      collector.snapshot({ exemplars: 'take' })[0]?.series.reduce((sum, series) => sum + series.exemplars.length, 0) ??
      0;
    record();
    expect(held()).toBe(8192);
    record();
    expect(held()).toBe(8192);
  });

  it('the newest of each bucket is on the OpenMetrics page, and on no text page', async () => {
    const collector = create();
    inTrace(() => collector.trackMLPrediction('churn', 'batch', 0.02));
    inTrace(() => collector.trackMLPrediction('churn', 'batch', 0.021));
    const page = await collector.getMetrics('openmetrics');
    const labels = `{trace_id="${TRACE_ID}",span_id="${SPAN_ID}",correlation_id="order-7"}`;
    expect(page).toContain(
      `ml_prediction_latency_seconds_bucket{model_type="churn",le="0.025"} 2 # ${labels} 0.021 1700000000.005\n`,
    );
    expect(page).toContain('ml_prediction_latency_seconds_bucket{model_type="churn",le="0.05"} 2\n');
    expect(page).toContain(`ml_predictions_total{model_type="churn",prediction_type="batch"} 2 # ${labels} 1 `);
    expect(await collector.getMetrics()).not.toContain('trace_id');
  });

  it('leave a correlation ID out of OpenMetrics that would pass the limit of 128 characters', async () => {
    const collector = create();
    inTrace(() => collector.trackCacheHit('redis', 'user'), TraceFlags.SAMPLED, 'x'.repeat(100));
    expect(await collector.getMetrics('openmetrics')).toContain(`# {trace_id="${TRACE_ID}",span_id="${SPAN_ID}"} 1 `);
    expect(recent(collector)[0]?.correlationId).toBe('x'.repeat(100));
  });
});
