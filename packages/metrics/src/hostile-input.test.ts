import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { catalogue } from './catalogue.ts';
import { createMetricsCollector } from './collector.ts';
import type { MetricsCollector } from './collector.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const SAMPLE = /^[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-z_]+="([^"\\\n]|\\[\\"n])*",?)+\})? (\+Inf|-?[0-9.e+-]+)$/;

function create(): { collector: MetricsCollector; warnings: string[] } {
  const warnings: string[] = [];
  const warn = (message: string): void => void warnings.push(message);
  return { collector: createMetricsCollector({ defaultMetrics: false, warn }), warnings };
}

function heapMegabytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / 1e6;
}

async function samples(collector: MetricsCollector): Promise<string[]> {
  return (await collector.getMetrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

function seriesOf(collector: MetricsCollector, name: string): number {
  return collector.snapshot().find((family) => family.name === name)?.series.length ?? 0;
}

describe('values that a metric cannot have', () => {
  it.each<[string, unknown, string]>([
    ['NaN', Number.NaN, 'not_finite'],
    ['Infinity', Infinity, 'not_finite'],
    ['-Infinity', -Infinity, 'not_finite'],
    ['a negative number', -0.001, 'out_of_range'],
    ['text', '5', 'not_finite'],
    ['a bigint', 5n, 'not_finite'],
    ['null', null, 'not_finite'],
    ['undefined', undefined, 'not_finite'],
    ['an object without a prototype', Object.create(null), 'not_finite'],
    ['a symbol', Symbol('x'), 'not_finite'],
  ])('%s is refused, counted and said once', async (_name, value, reason) => {
    const { collector, warnings } = create();
    for (let time = 0; time < 3; time += 1) collector.trackDBQuery('SELECT', 'users', value as number);
    expect(await samples(collector)).toEqual([
      `crmbet_metrics_refused_values_total{metric="db_query_duration_seconds",reason="${reason}"} 3`,
    ]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('db_query_duration_seconds');
  });

  it('an accuracy above 1 is refused, and the one before stays', async () => {
    const { collector } = create();
    collector.updateMLModelAccuracy('churn', 'v1', 0.8);
    collector.updateMLModelAccuracy('churn', 'v1', 80);
    expect(await samples(collector)).toContain('ml_model_accuracy{model_type="churn",model_version="v1"} 0.8');
  });

  it('a sum never becomes infinite', async () => {
    const { collector } = create();
    for (let time = 0; time < 3; time += 1) collector.trackTransaction('bet', 'ok', Number.MAX_VALUE, 'BRL');
    const page = await samples(collector);
    expect(page).toContain('transaction_amount_count{type="bet",currency="BRL"} 1');
    expect(page).toContain(`transaction_amount_sum{type="bet",currency="BRL"} ${Number.MAX_VALUE}`);
    expect(page).toContain('crmbet_metrics_refused_values_total{metric="transaction_amount",reason="out_of_range"} 2');
  });
});

describe('label values', () => {
  it.each<[string, unknown, string]>([
    ['a line feed', 'a\nb', String.raw`a\nb`],
    ['quotes', 'a"b"', String.raw`a\"b\"`],
    ['a backslash at the end', 'a\\', 'a\\\\'],
    ['an attempt to add a sample', 'x"} 1\nup{job="', String.raw`x\"} 1\nup{job=\"`],
    ['10 kB', 'x'.repeat(10_000), 'x'.repeat(128)],
    ['half of a surrogate pair', 'a\ud83d', 'a\ufffd'],
    ['a pair cut in two', `${'x'.repeat(127)}😀`, `${'x'.repeat(127)}\ufffd`],
    ['an emoji', '😀', '😀'],
    ['a null byte', 'a\0b', 'a\0b'],
    ['nothing', '', 'unknown'],
    ['undefined', undefined, 'unknown'],
    ['null', null, 'unknown'],
    ['a number', 42, '42'],
    ['a boolean', true, 'true'],
    ['an object', { toString: () => 'x' }, 'unknown'],
    ['an object whose text throws', Object.create(null), 'unknown'],
    ['a symbol', Symbol('x'), 'unknown'],
    ['a name of Object.prototype', '__proto__', '__proto__'],
    ['another of them', 'constructor', 'constructor'],
  ])('%s', async (_name, value, shown) => {
    const { collector } = create();
    for (let time = 0; time < 2; time += 1) collector.trackCacheHit(value as string, 'user');
    const page = await samples(collector);
    expect(page).toEqual([`cache_hits_total{cache_layer="${shown}",key_type="user"} 2`]);
    expect(page[0]).toMatch(SAMPLE);
  });

  it('gives a page that can be read whatever is recorded', async () => {
    const { collector } = create();
    const hostile = ['\n', '"', '\\', '# HELP x', '{}', ' 1', '\u2028', '\r\n', '# EOF', '\ud800'];
    for (const text of hostile) {
      collector.trackDBQuery(text, text, 1);
      collector.trackTransaction(text, text, 1, text);
      collector.recordHttpRequest({ method: text, route: text, statusCode: Number.NaN, durationSeconds: 1 });
    }
    for (const line of await samples(collector)) expect(line).toMatch(SAMPLE);
  });
});

describe('bounds', () => {
  it('keeps series and memory flat under a million distinct paths', async () => {
    const { collector, warnings } = create();
    const limit = catalogue.find(({ name }) => name === 'http_requests_total')?.labels[1]?.maxValues ?? 0;
    for (let n = 0; n < 2000; n += 1) {
      collector.recordHttpRequest({ method: 'GET', route: `/warm/${n}`, statusCode: 200, durationSeconds: 0.1 });
    }
    const before = heapMegabytes();
    for (let n = 0; n < 1_000_000; n += 1) {
      collector.recordHttpRequest({ method: 'GET', route: `/p/${n}`, statusCode: 200, durationSeconds: 0.1 });
    }
    expect(heapMegabytes() - before).toBeLessThan(5);
    expect(seriesOf(collector, 'http_requests_total')).toBe(limit + 1);
    expect(await samples(collector)).toContain(
      `http_requests_total{method="GET",route="__overflow__",status_code="200"} ${1_002_000 - limit}`,
    );
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toContain(`${limit} values of label "route"`);
  });

  it('counts what overflows, by metric and label', async () => {
    const { collector } = create();
    for (let n = 0; n < 30; n += 1) collector.trackCacheHit(`layer-${n}`, 'user');
    expect(await samples(collector)).toContain(
      'crmbet_metrics_overflowed_values_total{metric="cache_hits_total",label="cache_layer"} 10',
    );
  });

  it('still finds the series from before the bound was reached', async () => {
    const { collector } = create();
    for (let n = 0; n < 30; n += 1) collector.trackCacheHit(`layer-${n}`, 'user');
    collector.trackCacheHit('layer-0', 'user');
    expect(await samples(collector)).toContain('cache_hits_total{cache_layer="layer-0",key_type="user"} 2');
  });

  it('bounds the combinations of labels too', async () => {
    const { collector } = create();
    const limit = 1000;
    for (let a = 0; a < 50; a += 1) {
      for (let b = 0; b < 50; b += 1) collector.trackDBQuery(`op-${a}`, `table-${b}`, 0.01);
    }
    expect(seriesOf(collector, 'db_query_duration_seconds')).toBe(limit + 1);
    expect(await samples(collector)).toContain(
      `db_query_duration_seconds_count{query_type="__overflow__",table="__overflow__"} ${2500 - limit}`,
    );
  });

  it('does not keep the long text alive that a label value was cut out of', () => {
    const { collector } = create();
    const before = heapMegabytes();
    for (let n = 0; n < 200; n += 1) {
      const statement = `${n} a table name of some length ${'x'.repeat(500_000)}`.replace('x', 'y');
      collector.trackDBQuery('SELECT', statement.slice(0, 30), 0.01);
    }
    expect(seriesOf(collector, 'db_query_duration_seconds')).toBe(200);
    expect(heapMegabytes() - before).toBeLessThan(20);
  });
});
