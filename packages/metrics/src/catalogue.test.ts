import { describe, expect, it } from 'vitest';
import { catalogue } from './catalogue.ts';
import type { MetricDefinition } from './catalogue-types.ts';
import { diagnosticsCatalogue } from './diagnostics-catalogue.ts';
import { gcDefinition, runtimeCatalogue } from './runtime-catalogue.ts';

const documented: readonly MetricDefinition[] = catalogue;
const all: readonly MetricDefinition[] = [...catalogue, ...diagnosticsCatalogue, ...runtimeCatalogue, gcDefinition];

describe('the catalogue', () => {
  it('has the documented names, types, labels and buckets', () => {
    expect(
      documented.map(({ name, type, labels, buckets }) => [name, type, labels.map((l) => l.name), buckets]),
    ).toEqual([
      [
        'http_request_duration_seconds',
        'histogram',
        ['method', 'route', 'status_code'],
        [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      ],
      ['http_requests_total', 'counter', ['method', 'route', 'status_code'], undefined],
      ['db_connections_active', 'gauge', [], undefined],
      ['db_connections_max', 'gauge', [], undefined],
      [
        'db_query_duration_seconds',
        'histogram',
        ['query_type', 'table'],
        [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2],
      ],
      ['cache_hits_total', 'counter', ['cache_layer', 'key_type'], undefined],
      ['cache_misses_total', 'counter', ['cache_layer', 'key_type'], undefined],
      ['user_registrations_total', 'counter', ['country', 'source'], undefined],
      ['transactions_total', 'counter', ['type', 'status'], undefined],
      ['transaction_amount', 'histogram', ['type', 'currency'], [1, 10, 50, 100, 500, 1000, 5000, 10000, 50000]],
      ['ml_predictions_total', 'counter', ['model_type', 'prediction_type'], undefined],
      ['ml_prediction_latency_seconds', 'histogram', ['model_type'], [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2]],
      ['ml_model_accuracy', 'gauge', ['model_type', 'model_version'], undefined],
    ]);
  });

  it('maps a span to each label of a metric, or to none', () => {
    const mapped = documented.filter((definition) => definition.span !== undefined);
    expect(mapped.map(({ name }) => name)).toContain('http_requests_total');
    for (const { labels, span } of mapped) {
      expect(Object.keys(span?.labels ?? {}).sort()).toEqual(labels.map((label) => label.name).sort());
    }
  });

  it.each(all.map((definition) => [definition.name, definition] as const))('%s is sound', (name, definition) => {
    const { type, unit, buckets = [], labels, help } = definition;
    expect(all.filter((other) => other.name === name)).toHaveLength(1);
    expect(help).not.toBe('');
    expect(name.endsWith('_total')).toBe(type === 'counter');
    expect(name.replace(/_total$/, '').endsWith(unit && `_${unit}`)).toBe(true);
    expect(buckets.length > 0).toBe(type === 'histogram');
    expect([...buckets].sort((a, b) => a - b)).toEqual(buckets);
    for (const label of labels) {
      expect(label.name).toMatch(/^[a-z][a-z_]*$/);
      expect(label.maxValues).toBeGreaterThan(0);
    }
  });
});
