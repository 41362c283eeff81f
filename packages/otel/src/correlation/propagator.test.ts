import { defaultTextMapGetter, defaultTextMapSetter, propagation, ROOT_CONTEXT } from '@opentelemetry/api';
import { W3CBaggagePropagator } from '@opentelemetry/core';
import { getCorrelationId, setCorrelationId } from '@crmbet/correlation';
import { describe, expect, it } from 'vitest';
import { CorrelationPropagator } from './propagator.ts';

const propagator = new CorrelationPropagator(new W3CBaggagePropagator());
const contextWith = (id: string) => setCorrelationId(ROOT_CONTEXT, id);

describe('CorrelationPropagator', () => {
  it('replaces what it put into headers that are used again, and leaves what the application put there', () => {
    const reused: Record<string, string> = {};
    propagator.inject(contextWith('first'), reused, defaultTextMapSetter);
    propagator.inject(contextWith('second'), reused, defaultTextMapSetter);
    expect(reused['X-Correlation-ID']).toBe('second');
    const own = { 'x-correlation-id': 'own' };
    propagator.inject(contextWith('third'), own, defaultTextMapSetter);
    expect(own).toEqual({ 'x-correlation-id': 'own', baggage: 'correlation.id=third' });
  });

  it('reads headers in either case, keeps the ID of a context that has one, and makes one else', () => {
    const extract = (carrier: object, ctx = ROOT_CONTEXT) =>
      getCorrelationId(propagator.extract(ctx, carrier, defaultTextMapGetter));
    expect(extract({ 'X-Correlation-ID': 'upper' })).toBe('upper');
    expect(extract({ 'X-Request-ID': 'request' })).toBe('request');
    expect(extract({}, contextWith('kept'))).toBe('kept');
    expect(extract({ 'x-correlation-id': ['a', 'b'] })).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('keeps the rest of the baggage', () => {
    const ctx = propagation.setBaggage(contextWith('id-1'), propagation.createBaggage({ tenant: { value: '7' } }));
    const carrier: Record<string, string> = {};
    propagator.inject(ctx, carrier, defaultTextMapSetter);
    expect(carrier['baggage']?.split(',').toSorted()).toEqual(['correlation.id=id-1', 'tenant=7']);
    expect(propagation.getBaggage(ctx)?.getAllEntries()).toHaveLength(1);
  });

  it('sends nothing without propagators', () => {
    const carrier = {};
    new CorrelationPropagator(undefined).inject(contextWith('a'), carrier, defaultTextMapSetter);
    expect(carrier).toEqual({});
  });
});
