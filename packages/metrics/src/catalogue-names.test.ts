import { expectTypeOf, it } from 'vitest';
import type { LabelValues, Recorder } from './catalogue-names.ts';
import type { MeasurementOrigin } from './exemplars.ts';

it('a recorder takes one text for each label of its metric', () => {
  expectTypeOf<LabelValues<'db_connections_active'>>().toEqualTypeOf<[]>();
  expectTypeOf<LabelValues<'ml_prediction_latency_seconds'>>().toEqualTypeOf<[string]>();
  expectTypeOf<LabelValues<'http_requests_total'>>().toEqualTypeOf<[string, string, string]>();
  expectTypeOf<Recorder<'cache_hits_total'>['record']>().parameters.toEqualTypeOf<
    [value: number, origin: MeasurementOrigin | undefined, string, string]
  >();
});
