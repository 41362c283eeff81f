import { ROOT_CONTEXT, SpanKind, trace, TraceFlags, type Context } from '@opentelemetry/api';
import { SamplingDecision } from '@opentelemetry/sdk-trace';
import { describe, expect, it } from 'vitest';
import { readSettings, type Settings } from '../config/read.ts';
import { createSampler } from './sampler.ts';

const low = '00000000000000010000000000000000';
const high = 'ffffffff000000000000000000000001';

function sampled(
  env: Record<string, string>,
  request: { path?: string; method?: string; kind?: SpanKind },
  from = high,
) {
  const { traces } = readSettings(env, {}, (line) => expect.unreachable(line));
  return decide(traces, request, ROOT_CONTEXT, from);
}

function decide(
  traces: Settings['traces'],
  { path = '/', method = 'GET', kind = SpanKind.SERVER }: { path?: string; method?: string; kind?: SpanKind },
  context: Context,
  traceId = high,
): boolean {
  const attributes = { 'url.path': path, 'http.request.method': method };
  const { decision } = createSampler(traces).shouldSample(context, traceId, method, kind, attributes, []);
  return decision === SamplingDecision.RECORD_AND_SAMPLED;
}

function parent(isRemote: boolean, traceFlags: TraceFlags): Context {
  return trace.setSpanContext(ROOT_CONTEXT, { traceId: high, spanId: '00000000000000aa', isRemote, traceFlags });
}

describe('samplers by name', () => {
  it.each([
    ['always_on', '', true, true],
    ['always_off', '', false, false],
    ['traceidratio', '0.5', true, false],
    ['parentbased_traceidratio', '0.5', true, false],
    ['parentbased_always_off', '', false, false],
    ['parentbased_always_on', '', true, true],
  ])('%s %s', (name, argument, lowSampled, highSampled) => {
    const env = { OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: argument };
    expect(sampled(env, {}, low)).toBe(lowSampled);
    expect(sampled(env, {}, high)).toBe(highSampled);
  });

  it.each([
    ['parentbased_always_off', TraceFlags.SAMPLED, true],
    ['parentbased_always_on', TraceFlags.NONE, false],
    ['always_on', TraceFlags.NONE, true],
  ] as const)('%s below a caller with flags %i', (sampler, flags, expected) => {
    const { traces } = readSettings({ OTEL_TRACES_SAMPLER: sampler }, {}, () => undefined);
    expect(decide(traces, {}, parent(true, flags))).toBe(expected);
  });
});

describe('rules', () => {
  it.each([
    ['/health', false],
    ['/health/', false],
    ['/health/detailed', false],
    ['/healthy', true],
    ['/ready', false],
    ['/live', false],
    ['/metrics', false],
    ['/api/health', true],
    ['/live/scores', true],
  ])('without a setting %s is sampled: %s', (path, expected) => {
    expect(sampled({}, { path })).toBe(expected);
  });

  it('are for incoming requests alone, and none means none', () => {
    expect(sampled({}, { path: '/health', kind: SpanKind.CLIENT })).toBe(true);
    expect(sampled({ CRMBET_OTEL_SAMPLING_RULES: 'none' }, { path: '/health' })).toBe(true);
  });

  it('the first that fits method and path decides', () => {
    const env = { CRMBET_OTEL_SAMPLING_RULES: 'POST /users/:id/pay=1, /users/*=0,GET /half=.5' };
    expect(sampled(env, { method: 'POST', path: '/users/7/pay' })).toBe(true);
    expect(sampled(env, { method: 'GET', path: '/users/7/pay' })).toBe(false);
    expect(sampled(env, { method: 'POST', path: '/users/7/8/pay' })).toBe(false);
    expect(sampled(env, { path: '/half' }, low)).toBe(true);
    expect(sampled(env, { path: '/half' }, high)).toBe(false);
    expect(sampled(env, { method: 'POST', path: '/half' }, high)).toBe(true);
  });

  it('a share above 0 leaves it to a caller that sent a trace; 0 does not', () => {
    const { traces } = readSettings({ CRMBET_OTEL_SAMPLING_RULES: '/half=0.5,/none=0' }, {}, () => undefined);
    expect(decide(traces, { path: '/half' }, parent(true, TraceFlags.SAMPLED))).toBe(true);
    expect(decide(traces, { path: '/none' }, parent(true, TraceFlags.SAMPLED))).toBe(false);
  });

  it('what a dropped request does is dropped with it, under samplers that ask no parent too', () => {
    const { traces } = readSettings({ OTEL_TRACES_SAMPLER: 'always_on' }, {}, () => undefined);
    expect(decide(traces, { kind: SpanKind.CLIENT }, parent(false, TraceFlags.NONE))).toBe(false);
    expect(decide(traces, { kind: SpanKind.CLIENT }, parent(false, TraceFlags.SAMPLED))).toBe(true);
  });

  it.each(['health=0', '/a', '/a=2', '/a=x', 'GET/a=1', '/a=0,,', '/a b=0'])('%s is not allowed', (value) => {
    const lines: string[] = [];
    readSettings({ CRMBET_OTEL_SAMPLING_RULES: value }, {}, (line) => lines.push(line));
    expect(lines).toEqual([expect.stringMatching(/is not allowed \(.*METHOD.*\); using \/health=0,\/health\/\*=0/)]);
  });
});
