import { expect, it } from 'vitest';
import { SPAN, TRACE, at } from './data.ts';
import { HOSTILE_TEXTS } from './traces.ts';
import { type ContractBackend } from './types.ts';

export function correlateContract(backend: () => ContractBackend): void {
  it('gathers everything of a correlation ID in order of time: all traces, logs outside of them, metrics', async () => {
    const found = await backend().correlate('order-42');
    expect(found).toMatchObject({
      id: 'order-42',
      idType: 'correlation',
      correlationIds: ['order-42'],
      spanCount: 4,
      logCount: 3,
      metricCount: 3,
      truncated: false,
    });
    expect([...found.traceIds].sort()).toEqual([TRACE.checkout, TRACE.payment]);
    expect(found.timeline.map(({ kind, summary }) => `${kind} ${summary}`)).toEqual([
      'span POST /orders',
      'log Order ACCEPTED: 100% sure',
      'span POST /charge: card declined',
      'span SELECT orders',
      'log Card declined for Jörg',
      'metric http_request_duration_seconds 0.12 method=POST route=/orders status_code=502',
      'metric http_requests_total 25 method=POST route=/orders status_code=502',
      'span process payments',
      'metric queue_depth 3', // a state: two exemplars, one line
      'log order archived',
    ]);
  });

  it('says how a series is known to have moved', async () => {
    const { timeline } = await backend().correlate('order-42');
    expect(timeline.filter(({ kind }) => kind === 'metric').slice(0, 2)).toMatchObject([
      {
        metric: {
          name: 'http_request_duration_seconds',
          via: 'exemplar',
          value: 0.12000000000000069,
          traceId: TRACE.checkout,
          spanId: SPAN.checkout,
          timeUnixNano: String(at(100)),
        },
      },
      {
        metric: {
          name: 'http_requests_total',
          via: 'span',
          value: 25,
          serviceName: 'web',
          traceId: TRACE.checkout,
          spanId: SPAN.checkout,
          timeUnixNano: String(at(120)),
        },
      },
    ]);
  });

  it('takes a trace ID for that trace alone, and a span ID for its trace', async () => {
    const expected = { traceIds: [TRACE.checkout], spanCount: 3, logCount: 2, correlationIds: ['order-42'] };
    expect(await backend().correlate(TRACE.checkout)).toMatchObject({ ...expected, idType: 'trace' });
    expect(await backend().correlate(SPAN.select)).toMatchObject({ ...expected, idType: 'span' });
  });

  it('finds nothing for anything else', async () => {
    for (const id of ['f'.repeat(32), 'f'.repeat(16), '0'.repeat(32), 'order-4', ...HOSTILE_TEXTS]) {
      expect(await backend().correlate(id)).toMatchObject({ id, idType: 'none', traceIds: [], timeline: [] });
    }
  });
}
