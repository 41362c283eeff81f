import { expect, it } from 'vitest';
import { at, log, span } from './data.ts';
import { type BackendUnderTest, type ContractBatch, type ContractLog, type ContractSpan } from './types.ts';

const INSTANT = { traceId: 'e5'.repeat(16), correlationId: 'same-instant', serviceName: 'web' };
const GREAT = { traceId: 'f6'.repeat(16), correlationId: 'great', serviceName: 'web' };
const MOST_SPANS = 20_000;
const MOST_LOGS = 10_000;
const BATCH = 5000;

const idOf = (index: number): string => index.toString(16).padStart(16, '0');

/** Spans that begin in the same millisecond, as clocks of that resolution make them: stored as they end, children first. */
const instantSpans: ContractSpan[] = [
  span({ ...INSTANT, spanId: idOf(1), parentSpanId: idOf(2), name: 'query' }, 50_000, 1),
  span({ ...INSTANT, spanId: idOf(3), parentSpanId: idOf(4), name: 'second middleware' }, 50_000, 4),
  span({ ...INSTANT, spanId: idOf(2), parentSpanId: idOf(4), name: 'first middleware' }, 50_000, 3),
  span({ ...INSTANT, spanId: idOf(4), parentSpanId: 'f'.repeat(16), name: 'GET /' }, 50_000, 5),
];
const instantLog = log({ ...INSTANT, spanId: idOf(1), body: 'asked', severityNumber: 9 }, 50_000);

const empty: ContractBatch = { spans: [], logs: [], metricPoints: [] };

async function writeMany<T>(records: readonly T[], write: (some: T[]) => Promise<unknown>): Promise<void> {
  for (let index = 0; index < records.length; index += BATCH) await write(records.slice(index, index + BATCH));
}

/** What is written after the other tests, which count all there is. */
export function laterContract(underTest: () => BackendUnderTest): void {
  const { traceId, correlationId } = GREAT;
  const writeSpans = async (spans: ContractSpan[]) => underTest().writer.write({ ...empty, spans });
  const writeLogs = async (logs: ContractLog[]) => underTest().writer.write({ ...empty, logs });

  it('puts parents before children and a span before its logs when all are of the same instant', async () => {
    await underTest().writer.write({ ...empty, spans: instantSpans, logs: [instantLog] });
    const { backend } = underTest();
    const trace = await backend.getTrace(INSTANT.traceId);
    expect(trace?.spans.map(({ name }) => name)).toEqual(['GET /', 'first middleware', 'second middleware', 'query']);
    const { timeline } = await backend.correlate(INSTANT.correlationId);
    expect(timeline.map(({ kind, summary }) => `${kind} ${summary}`)).toEqual([
      'span GET /',
      'span first middleware',
      'span second middleware',
      'span query',
      'log asked',
    ]);
  });

  it('says when a trace has more spans than it gives', async () => {
    const spans = Array.from({ length: MOST_SPANS }, (_, index) =>
      span({ ...GREAT, spanId: idOf(index + 1), name: 'one of many' }, 60_000 + index / 1000, 1),
    );
    await writeMany(spans, writeSpans);
    const { backend } = underTest();
    expect(await backend.getTrace(traceId)).toMatchObject({ truncated: false });
    expect(await backend.correlate(traceId)).toMatchObject({ truncated: false, spanCount: MOST_SPANS });
    await writeSpans([span({ ...GREAT, spanId: idOf(MOST_SPANS + 1), name: 'last' }, 90_000, 1)]);
    const trace = await backend.getTrace(traceId);
    expect(trace).toMatchObject({ truncated: true });
    expect(trace?.spans).toHaveLength(MOST_SPANS);
    expect(trace?.spans.at(-1)).toMatchObject({ startTimeUnixNano: String(at(60_000 + (MOST_SPANS - 1) / 1000)) });
    expect(await backend.correlate(traceId)).toMatchObject({ truncated: true, spanCount: MOST_SPANS });
  }, 60_000);

  it('says when there are more log records of an ID than it gives', async () => {
    const id = `${correlationId}-logs`;
    const records = Array.from({ length: MOST_LOGS }, (_, index) =>
      log({ serviceName: 'web', correlationId: id, body: 'one of many', severityNumber: 9 }, 60_000 + index / 1000),
    );
    await writeMany(records, writeLogs);
    const { backend } = underTest();
    expect(await backend.correlate(id)).toMatchObject({ truncated: false, logCount: MOST_LOGS });
    await writeLogs(records.slice(0, 1));
    expect(await backend.correlate(id)).toMatchObject({ truncated: true, logCount: MOST_LOGS });
  }, 60_000);
}
