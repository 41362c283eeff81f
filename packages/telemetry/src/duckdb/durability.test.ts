import { join } from 'node:path';
import { runFixture, temporaryFolder, waitUntil } from '@crmbet/testkit';
import { describe, expect, it } from 'vitest';
import { openDuckDbStore } from './open.ts';
import { readRows } from './records.test.helper.ts';

const WRITER = join(import.meta.dirname, 'fixtures/write-forever.mjs');

const SPANS = 50;

const acknowledged = (stdout: string): string[] =>
  stdout
    .split('\n')
    .slice(0, -1)
    .filter((line) => /^\d+$/.test(line));

async function spansByName(path: string): Promise<Map<string, number>> {
  const store = await openDuckDbStore({ path });
  await store.close();
  const rows = await readRows(path, 'SELECT name, count(*)::INTEGER FROM spans GROUP BY name');
  return new Map(rows.map(([name, spans]) => [String(name), Number(spans)]));
}

describe('durability', () => {
  // The rounds use one file: each opens what the kill before it left. Small checkpoints, so that kills hit some.
  it('keeps every acknowledged record through SIGKILL in mid-load', async () => {
    const path = join(temporaryFolder(), 'store.duckdb');
    let kept = 0;
    for (const enough of [5, 40, 90, 150]) {
      const writer = await runFixture({
        file: WRITER,
        args: [path, String(SPANS), '{"retention":{"maxSizeBytes":16777216}}'],
        readyPattern: /^ready$/m,
      });
      await waitUntil(() => acknowledged(writer.stdout).length > enough);
      writer.kill('SIGKILL');
      await writer.exited;
      const numbers = acknowledged(writer.stdout);
      const stored = await spansByName(path);
      for (const [name, spans] of stored) expect(spans % SPANS, `spans of ${name}: all or none`).toBe(0);
      const missing = numbers.filter((number) => !stored.has(`batch ${number}`));
      expect(missing, 'acknowledged and not stored').toEqual([]);
      const spans = [...stored.values()].reduce((sum, one) => sum + one, 0);
      expect(spans, 'with those of the rounds before').toBeGreaterThanOrEqual(kept + numbers.length * SPANS);
      kept = spans;
    }
  });
});
