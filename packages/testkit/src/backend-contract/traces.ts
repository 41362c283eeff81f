import { expect, it } from 'vitest';
import { BASE_MS, SPAN, TRACE, at } from './data.ts';
import { type ContractBackend } from './types.ts';

/** Texts that end up in a query language when they are pasted instead of bound. */
export const HOSTILE_TEXTS = [
  "' OR 1=1 --",
  '"',
  '\\',
  '%',
  '_',
  '*',
  '"}; DROP TABLE spans; --',
  '\u0000',
  '💥',
  '$.a',
  '/',
];

export function traceContract(backend: () => ContractBackend): void {
  const found = async (query: object): Promise<string[]> =>
    (await backend().findTraces(query)).map(({ traceId }) => traceId);
  const { checkout, user, payment, orphan } = TRACE;

  it('lists services with their entry operations', async () => {
    expect(await backend().services()).toEqual([
      { name: 'orders', operations: ['POST /charge'], spanCount: 2 },
      { name: 'web', operations: ['GET /users/:id', 'POST /orders'], spanCount: 2 },
      { name: 'worker', operations: ['process payments'], spanCount: 2 },
    ]);
    expect(await backend().services({ startMs: BASE_MS + 1000, endMs: BASE_MS + 1001 })).toEqual([
      { name: 'web', operations: ['GET /users/:id'], spanCount: 1 },
    ]);
  });

  it('finds all traces newest first, and as many as asked for', async () => {
    expect(await found({})).toEqual([orphan, payment, user, checkout]);
    expect(await found({ limit: 2 })).toEqual([orphan, payment]);
  });

  it.each<[string, object, string[]]>([
    ['service', { service: 'orders' }, [checkout]],
    ['operation', { operation: 'GET /users/:id' }, [user]],
    ['operation, exactly', { operation: 'get /users/:id' }, []],
    ['service and operation of one span', { service: 'web', operation: 'POST /charge' }, []],
    ['least duration', { minDurationMs: 120 }, [payment, checkout]],
    ['most duration', { service: 'web', maxDurationMs: 20 }, [user]],
    ['status error', { status: 'error' }, [checkout]],
    ['status ok', { status: 'ok' }, [user]],
    ['number attribute as text', { attributes: { 'http.response.status_code': '502' } }, [checkout]],
    ['boolean attribute as text', { attributes: { retried: 'true' } }, [checkout]],
    ['attribute with quotes, backslash and wildcards', { attributes: { note: 'say "ü" \\ %_' } }, [checkout]],
    [
      'two attributes of one span',
      { attributes: { 'http.request.method': 'POST', 'db.system.name': 'postgresql' } },
      [],
    ],
    ['part of an attribute', { attributes: { 'http.route': '/users' } }, []],
    ['resource attribute', { attributes: { 'service.instance.id': 'orders-1' } }, [checkout]],
    [
      'resource attribute that the span has itself',
      { service: 'web', attributes: { 'service.instance.id': 'web-1' } },
      [checkout],
    ],
    ['correlation ID', { correlationId: 'order-42' }, [payment, checkout]],
    ['start, inclusive', { startMs: BASE_MS + 2000 }, [orphan, payment]],
    ['end, exclusive', { endMs: BASE_MS + 1000 }, [checkout]],
  ])('finds traces by %s', async (_what, query, expected) => {
    expect(await found(query)).toEqual(expected);
  });

  it('takes every text as a text', async () => {
    for (const text of HOSTILE_TEXTS) {
      expect(
        await found({ service: text, operation: text, correlationId: text, attributes: { [text]: text } }),
      ).toEqual([]);
    }
  });

  it('sums a trace up, with its root', async () => {
    expect((await backend().findTraces({ service: 'orders' }))[0]).toEqual({
      traceId: checkout,
      rootService: 'web',
      rootName: 'POST /orders',
      startTimeUnixNano: String(at(0)),
      durationMs: 120,
      spanCount: 3,
      errorCount: 1,
      services: ['orders', 'web'],
      correlationId: 'order-42',
    });
    expect((await backend().findTraces({ operation: 'late child' }))[0]).toMatchObject({
      rootService: 'worker',
      rootName: 'late child',
    });
  });

  it('gives a whole trace in order of time', async () => {
    const trace = await backend().getTrace(checkout);
    expect(trace).toMatchObject({
      traceId: checkout,
      startTimeUnixNano: String(at(0)),
      durationMs: 120,
      services: ['orders', 'web'],
      truncated: false,
    });
    expect(trace?.spans.map(({ spanId }) => spanId)).toEqual([SPAN.checkout, SPAN.charge, SPAN.select]);
    expect(trace?.spans[0]).toMatchObject({
      parentSpanId: '',
      kind: 'server',
      serviceName: 'web',
      startTimeUnixNano: String(at(0)),
      endTimeUnixNano: String(at(120)),
      durationMs: 120,
      status: 'unset',
      correlationId: 'order-42',
      attributes: { 'http.response.status_code': 502, retried: true, note: 'say "ü" \\ %_' },
      resource: { 'service.name': 'web', 'deployment.environment.name': 'test' },
      events: [{ name: 'exception', timeUnixNano: String(at(90)), attributes: { 'exception.type': 'CardDeclined' } }],
      links: [{ traceId: payment, spanId: '9'.repeat(16), attributes: { why: 'follows' } }],
    });
    expect(trace?.spans[1]).toMatchObject({
      parentSpanId: SPAN.checkout,
      status: 'error',
      statusMessage: 'card declined',
    });
    expect(trace?.spans[2]).toMatchObject({ kind: 'client' });
  });

  it('knows no other trace, and says what is no trace ID', async () => {
    expect(await backend().getTrace('e'.repeat(32))).toBeUndefined();
    expect(await backend().getTrace(checkout.toUpperCase())).toMatchObject({ traceId: checkout });
    await expect(backend().getTrace('xyz')).rejects.toMatchObject({ code: 'INVALID_QUERY' });
  });

  it.each<[string, object]>([
    ['limit', { limit: 0 }],
    ['limit', { limit: 1001 }],
    ['limit', { limit: 1.5 }],
    ['status', { status: 'bad' }],
    ['minDurationMs', { minDurationMs: -1 }],
    ['endMs', { startMs: 2, endMs: 1 }],
  ])('names a bad %s: %o', async (name, query) => {
    await expect(backend().findTraces(query)).rejects.toMatchObject({
      code: 'INVALID_QUERY',
      message: expect.stringContaining(name) as string,
    });
  });
}
