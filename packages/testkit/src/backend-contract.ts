import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { correlateContract } from './backend-contract/correlate.ts';
import { contractBatch } from './backend-contract/data.ts';
import { laterContract } from './backend-contract/later.ts';
import { logContract } from './backend-contract/logs.ts';
import { metricContract } from './backend-contract/metrics.ts';
import { traceContract } from './backend-contract/traces.ts';
import { type BackendUnderTest } from './backend-contract/types.ts';

/**
 * The tests that every backend of the query model passes. The factory gives one without data; a fixed data set is written
 * through its writer, and all expectations are about that.
 */
export function describeBackend(name: string, factory: () => Promise<BackendUnderTest>): void {
  describe(`backend contract: ${name}`, () => {
    let underTest: BackendUnderTest | undefined;
    const started = () => {
      if (underTest === undefined) throw new Error('The backend did not start');
      return underTest;
    };
    const backend = () => started().backend;

    beforeAll(async () => {
      underTest = await factory();
      await underTest.writer.write(contractBatch);
    });

    afterAll(async () => {
      await underTest?.backend.close();
      await underTest?.close?.();
    });

    it('has no problem to report', async () => {
      expect(await backend().status()).toMatchObject({ problem: '' });
    });

    describe('traces', () => {
      traceContract(backend);
    });
    describe('logs', () => {
      logContract(backend);
    });
    describe('metrics', () => {
      metricContract(backend);
    });
    describe('correlate', () => {
      correlateContract(backend);
    });
    describe('what is written later', () => {
      laterContract(started);
    });
  });
}
