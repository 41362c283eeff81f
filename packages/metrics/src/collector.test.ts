import { afterEach, describe, expect, it } from 'vitest';
import { createMetricsCollector } from './collector.ts';
import type { MetricsCollector } from './collector.ts';

const warnings: string[] = [];

function create(): MetricsCollector {
  warnings.length = 0;
  return createMetricsCollector({ defaultMetrics: false, warn: (message) => warnings.push(message) });
}

async function lines(collector: MetricsCollector): Promise<string[]> {
  return (await collector.getMetrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

afterEach(() => {
  warnings.length = 0;
});

describe('the specified methods', () => {
  it.each<[string, (collector: MetricsCollector) => void, string[]]>([
    ['trackDBConnection', (c) => c.trackDBConnection(7), ['db_connections_active 7']],
    [
      'trackDBConnection with a maximum',
      (c) => c.trackDBConnection(7, 20),
      ['db_connections_active 7', 'db_connections_max 20'],
    ],
    [
      'trackCacheHit',
      (c) => c.trackCacheHit('redis', 'user'),
      ['cache_hits_total{cache_layer="redis",key_type="user"} 1'],
    ],
    [
      'trackCacheMiss',
      (c) => c.trackCacheMiss('redis', 'user'),
      ['cache_misses_total{cache_layer="redis",key_type="user"} 1'],
    ],
    [
      'trackUserRegistration',
      (c) => c.trackUserRegistration('BR', 'web'),
      ['user_registrations_total{country="BR",source="web"} 1'],
    ],
    [
      'updateMLModelAccuracy',
      (c) => c.updateMLModelAccuracy('churn', 'v1', 0.9),
      ['ml_model_accuracy{model_type="churn",model_version="v1"} 0.9'],
    ],
  ])('%s', async (_name, act, expected) => {
    const collector = create();
    act(collector);
    expect(await lines(collector)).toEqual(expected);
  });

  it('trackDBQuery puts an observation on a bound into the bucket of that bound', async () => {
    const collector = create();
    for (const seconds of [0.0005, 0.001, 0.3, 9]) collector.trackDBQuery('SELECT', 'users', seconds);
    const page = await lines(collector);
    const labels = 'query_type="SELECT",table="users"';
    expect(page).toContain(`db_query_duration_seconds_bucket{${labels},le="0.001"} 2`);
    expect(page).toContain(`db_query_duration_seconds_bucket{${labels},le="0.25"} 2`);
    expect(page).toContain(`db_query_duration_seconds_bucket{${labels},le="0.5"} 3`);
    expect(page).toContain(`db_query_duration_seconds_bucket{${labels},le="2"} 3`);
    expect(page).toContain(`db_query_duration_seconds_bucket{${labels},le="+Inf"} 4`);
    expect(page).toContain(`db_query_duration_seconds_sum{${labels}} 9.3015`);
    expect(page).toContain(`db_query_duration_seconds_count{${labels}} 4`);
  });

  it('trackTransaction counts the transaction even where its amount is refused', async () => {
    const collector = create();
    collector.trackTransaction('bet', 'ok', 20, 'BRL');
    collector.trackTransaction('bet', 'ok', -20, 'BRL');
    const page = await lines(collector);
    expect(page).toContain('transactions_total{type="bet",status="ok"} 2');
    expect(page).toContain('transaction_amount_count{type="bet",currency="BRL"} 1');
    expect(page).toContain('transaction_amount_sum{type="bet",currency="BRL"} 20');
  });

  it('trackMLPrediction counts and times', async () => {
    const collector = create();
    collector.trackMLPrediction('churn', 'batch', 0.02);
    const page = await lines(collector);
    expect(page).toContain('ml_predictions_total{model_type="churn",prediction_type="batch"} 1');
    expect(page).toContain('ml_prediction_latency_seconds_bucket{model_type="churn",le="0.025"} 1');
    expect(page).toContain('ml_prediction_latency_seconds_bucket{model_type="churn",le="0.01"} 0');
  });

  it.each([
    ['get', '_OTHER'],
    ['PROPFIND', '_OTHER'],
    ['GET', 'GET'],
    ['QUERY', 'QUERY'],
  ])('recordHttpRequest shows the method %s as %s', async (method, label) => {
    const collector = create();
    collector.recordHttpRequest({ method, route: '/users/:id', statusCode: 200, durationSeconds: 0.1 });
    expect(await lines(collector)).toContain(
      `http_requests_total{method="${label}",route="/users/:id",status_code="200"} 1`,
    );
  });

  it('shows a request without a route as unmatched', async () => {
    const collector = create();
    collector.recordHttpRequest({ method: 'GET', statusCode: 404, durationSeconds: 0.1 });
    expect(await lines(collector)).toContain('http_requests_total{method="GET",route="unmatched",status_code="404"} 1');
  });
});

describe('snapshot', () => {
  it('gives every series with its labels, value and start time', () => {
    const collector = createMetricsCollector({ defaultMetrics: false, now: () => 1000 });
    collector.trackCacheHit('redis', 'user');
    collector.trackMLPrediction('churn', 'batch', 0.02);
    const [hits, , latency] = collector.snapshot();
    expect(hits).toMatchObject({
      name: 'cache_hits_total',
      type: 'counter',
      series: [{ labels: { cache_layer: 'redis', key_type: 'user' }, startTimeUnixMs: 1000, value: 1 }],
    });
    expect(latency).toMatchObject({
      name: 'ml_prediction_latency_seconds',
      unit: 'seconds',
      bounds: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2],
      series: [{ count: 1, sum: 0.02, bucketCounts: [0, 1, 0, 0, 0, 0, 0, 0, 0] }],
    });
  });

  it('does not change afterwards', () => {
    const collector = create();
    collector.trackMLPrediction('churn', 'batch', 0.02);
    const before = collector.snapshot();
    const copy = structuredClone(before);
    collector.trackMLPrediction('churn', 'batch', 0.02);
    expect(before).toEqual(copy);
  });
});
