import { join } from 'node:path';
import { describeBackend, temporaryFolder } from '@crmbet/testkit';
import { describe, expect, it } from 'vitest';
import { openDuckDbStore } from './open.ts';
import { spanBatch } from './records.test.helper.ts';

describeBackend('DuckDB', async () => {
  const store = await openDuckDbStore({ path: join(temporaryFolder(), 'store.duckdb') });
  return { backend: store, writer: store };
});

describe('a query', () => {
  it('that takes too long is ended, and the store goes on', async () => {
    const path = join(temporaryFolder(), 'store.duckdb');
    const store = await openDuckDbStore({ path });
    for (let round = 0; round < 10; round += 1) await store.write(spanBatch(5000));
    await store.close();
    const hasty = await openDuckDbStore({ path, queryTimeoutMs: 1 });
    const searches = Array.from({ length: 8 }, (_, index) =>
      hasty.findTraces({ attributes: { 'url.path': `/none/${index}` }, limit: 1000 }),
    );
    const outcomes = await Promise.allSettled(searches);
    const ended = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason as unknown);
    expect(ended.length).toBeGreaterThan(0);
    expect(ended[0]).toMatchObject({
      code: 'QUERY_TIMEOUT',
      message: expect.stringContaining('at most 1 ms') as string,
    });
    await hasty.close();
    const patient = await openDuckDbStore({ path });
    expect(await patient.findTraces({ limit: 1000 })).toHaveLength(1000);
    await patient.close();
  });

  it('waits for its turn, and is refused when too many do', async () => {
    const store = await openDuckDbStore({ path: join(temporaryFolder(), 'store.duckdb') });
    const outcomes = await Promise.allSettled(Array.from({ length: 150 }, () => store.findLogs({})));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason as unknown);
    expect(refused).toHaveLength(48); // two run, a hundred wait
    expect(refused[0]).toMatchObject({ code: 'STORE_OVERLOADED' });
    await store.close();
  });
});
