import { expect, it } from 'vitest';
import { BASE_MS, SPAN, TRACE, at } from './data.ts';
import { HOSTILE_TEXTS } from './traces.ts';
import { type ContractBackend } from './types.ts';

const ACCEPTED = 'Order ACCEPTED: 100% sure';
const DECLINED = 'Card declined for Jörg';
const LOADED = 'user loaded';
const ARCHIVED = 'order archived';
const PLAIN = 'no severity at all';

export function logContract(backend: () => ContractBackend): void {
  const found = async (query: object): Promise<string[]> => (await backend().findLogs(query)).map(({ body }) => body);

  it('gives all records newest first, or oldest first, and as many as asked for', async () => {
    expect(await found({})).toEqual([PLAIN, ARCHIVED, LOADED, DECLINED, ACCEPTED]);
    expect(await found({ order: 'asc', limit: 2 })).toEqual([ACCEPTED, DECLINED]);
  });

  it.each<[string, object, string[]]>([
    ['text in any case', { text: 'accepted' }, [ACCEPTED]],
    ['text beyond ASCII in any case', { text: 'JÖRG' }, [DECLINED]],
    ['a per cent sign as such', { text: '0%' }, [ACCEPTED]],
    ['an underscore as such', { text: '_' }, []],
    ['level', { minLevel: 'warn' }, [ARCHIVED, DECLINED]],
    ['level info, which a record without severity has', { minLevel: 'info' }, [PLAIN, ARCHIVED, DECLINED, ACCEPTED]],
    ['service', { service: 'web' }, [LOADED, ACCEPTED]],
    ['trace ID', { traceId: TRACE.checkout }, [DECLINED, ACCEPTED]],
    ['span ID', { spanId: SPAN.charge }, [DECLINED]],
    ['no trace ID', { traceId: 'nothing' }, []],
    ['correlation ID', { correlationId: 'order-42' }, [ARCHIVED, DECLINED, ACCEPTED]],
    ['number field as text', { fields: { userId: '7' } }, [DECLINED, ACCEPTED]],
    ['two fields', { fields: { userId: '7', 'order.id': 'o-1' } }, [ACCEPTED]],
    ['time', { startMs: BASE_MS + 95, endMs: BASE_MS + 4000 }, [LOADED, DECLINED]],
    ['observed time where there is no other', { startMs: BASE_MS + 5000 }, [PLAIN]],
  ])('finds records by %s', async (_what, query, expected) => {
    expect(await found(query)).toEqual(expected);
  });

  it('takes every text as a text', async () => {
    for (const text of HOSTILE_TEXTS) {
      expect(await found({ text: `${text}${text}`, service: text, fields: { [text]: text } })).toEqual([]);
    }
  });

  it('gives all of a record', async () => {
    expect((await backend().findLogs({ text: 'declined' }))[0]).toEqual({
      timeUnixNano: String(at(95)),
      level: 'error',
      severityText: 'error',
      body: DECLINED,
      serviceName: 'orders',
      scopeName: 'contract',
      traceId: TRACE.checkout,
      spanId: SPAN.charge,
      correlationId: 'order-42',
      attributes: { userId: 7 },
      resource: { 'service.name': 'orders', 'service.instance.id': 'orders-1', 'deployment.environment.name': 'test' },
    });
  });

  it.each<[string, object]>([
    ['limit', { limit: 10_001 }],
    ['minLevel', { minLevel: 'loud' }],
    ['order', { order: 'up' }],
  ])('names a bad %s', async (name, query) => {
    await expect(backend().findLogs(query)).rejects.toMatchObject({
      code: 'INVALID_QUERY',
      message: expect.stringContaining(name) as string,
    });
  });
}
